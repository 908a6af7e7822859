// XMPP client-to-server load over loopback, one thread: logs in many clients, has pairs of them send each other messages, pings, holds idle
// sessions, registers accounts (XEP-0077). Certificates are not verified; SaltedPassword is cached in -C file, so that logins cost the
// server alone. Prints one JSON object to a line, with CPU time and memory of the processes -I.
//
//   xmpp-load [options] register | login | idle | pairs | ping | fanout      see usage()
//
// Build: cc -O2 -o xmpp-load xmpp-load.c -lssl -lcrypto
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { T_NONE, T_STARTTLS, T_DIRECT };
enum { M_PLAIN, M_SHA1, M_SHA256 };
static const char *mechname[] = {"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256"};
enum {
  S_IDLE,
  S_CONNECTING,
  S_TLSHS,
  S_STREAM,
  S_REG,
  S_STARTTLS,
  S_AUTH,
  S_CHAL,
  S_BIND,
  S_SESS,
  S_ROSTER,
  S_PRES,
  S_READY,
  S_DEAD
};

static struct {
  const char *host, *domain, *prefix, *password, *mode, *cache, *pids, *resource, *tlsmax, *label, *cert, *key;
  int port, n, first, tls, mech, conc, window, body, roster, presence, bare, bidir, json, srcs, verbose, settle, resume,
      sm;
  double dur, warm, rate;
} o = {.host = "127.0.0.1",
       .domain = "bench.test",
       .prefix = "u",
       .password = "secret",
       .port = 5222,
       .n = 100,
       .first = 0,
       .tls = T_NONE,
       .mech = M_SHA1,
       .conc = 64,
       .window = 8,
       .body = 64,
       .presence = 1,
       .dur = 10,
       .warm = 2,
       .resource = "lg",
       .srcs = 1,
       .settle = 15};

typedef struct conn {
  int fd, idx, state, authed, want_wr, dirty, peer, inflight;
  SSL *ssl;
  SSL_SESSION *sess;
  char *rb;
  int rcap, rlen, scan, sstart, depth;
  char *wb;
  int wcap, wlen, woff;
  double t0, t1;
  char *jid;
  unsigned char sp[32];
  int splen, spiter;
  char salt[96]; /* cached SaltedPassword */
  char nonce[40];
  char cfb[160];
  unsigned char ssig[32];
  uint64_t sent, rcvd;
} conn;

static conn *C;
static int N, ep;
static SSL_CTX *ctx;
static int nready, nstarted, nfailed, npending, regok, regdup;
static conn **dirtyl;
static int ndirty;
static double *lat;
static size_t nlat, caplat;
static int measuring, stopping;
static uint64_t delivered, bytes_in, bytes_out;
static char *bodytxt;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}
static uint64_t nowns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + t.tv_nsec;
}
static void die(const char *f, ...) {
  va_list a;
  va_start(a, f);
  vfprintf(stderr, f, a);
  va_end(a);
  fputc('\n', stderr);
  exit(2);
}
static void addlat(double v) {
  if (nlat == caplat) {
    caplat = caplat ? caplat * 2 : 1 << 16;
    lat = realloc(lat, caplat * sizeof *lat);
  }
  lat[nlat++] = v;
}
static int cmpd(const void *a, const void *b) {
  double x = *(double *)a, y = *(double *)b;
  return x < y ? -1 : x > y;
}
static double pct(double p) {
  if (!nlat) return 0;
  size_t i = (size_t)(p * (nlat - 1) + .5);
  return lat[i];
}

/* ---- process sampling ---- */
typedef struct {
  double cpu, sys;
  long rss, pss, anon;
} psample; /* sys: busy CPU seconds of the whole machine */
static psample sample(void) {
  psample s = {0};
  {
    FILE *f = fopen("/proc/stat", "r");
    unsigned long u = 0, n = 0, y = 0, i = 0, w = 0, q = 0, t = 0, st = 0;
    if (f) {
      fscanf(f, "cpu %lu %lu %lu %lu %lu %lu %lu %lu", &u, &n, &y, &i, &w, &q, &t, &st);
      fclose(f);
    }
    s.sys = (double)(u + n + y + q + t + st) / sysconf(_SC_CLK_TCK);
  }
  if (!o.pids) return s;
  char *dup = strdup(o.pids), *sv, *p;
  long hz = sysconf(_SC_CLK_TCK);
  for (p = strtok_r(dup, ",", &sv); p; p = strtok_r(NULL, ",", &sv)) {
    char f[64], buf[4096];
    snprintf(f, sizeof f, "/proc/%s/stat", p);
    FILE *fp = fopen(f, "r");
    if (!fp) continue;
    size_t k = fread(buf, 1, sizeof buf - 1, fp);
    buf[k] = 0;
    fclose(fp);
    char *q = strrchr(buf, ')');
    unsigned long ut = 0, st = 0;
    if (q) sscanf(q + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &ut, &st);
    s.cpu += (double)(ut + st) / hz;
    snprintf(f, sizeof f, "/proc/%s/smaps_rollup", p);
    fp = fopen(f, "r");
    if (fp) {
      while (fgets(buf, sizeof buf, fp)) {
        long v;
        if (sscanf(buf, "Rss: %ld", &v) == 1)
          s.rss += v;
        else if (sscanf(buf, "Pss: %ld", &v) == 1)
          s.pss += v;
        else if (sscanf(buf, "Anonymous: %ld", &v) == 1)
          s.anon += v;
      }
      fclose(fp);
    }
  }
  free(dup);
  return s;
}
static long sockmem(void) {
  FILE *f = fopen("/proc/net/sockstat", "r");
  char b[256];
  long m = 0;
  if (!f) return 0;
  while (fgets(b, sizeof b, f)) {
    char *q = strstr(b, "TCP:");
    if (q && (q = strstr(b, "mem "))) m = atol(q + 4);
  }
  fclose(f);
  return m * 4;
}
static double selfcpu(void) {
  struct rusage r;
  getrusage(RUSAGE_SELF, &r);
  return r.ru_utime.tv_sec + r.ru_stime.tv_sec + (r.ru_utime.tv_usec + r.ru_stime.tv_usec) * 1e-6;
}

/* ---- output ---- */
static void wput(conn *c, const char *d, int l) {
  if (c->wlen + l > c->wcap) {
    if (c->woff) {
      memmove(c->wb, c->wb + c->woff, c->wlen - c->woff);
      c->wlen -= c->woff;
      c->woff = 0;
    }
    if (c->wlen + l > c->wcap) {
      c->wcap = (c->wlen + l) * 2;
      if (c->wcap < 512) c->wcap = 512;
      c->wb = realloc(c->wb, c->wcap);
    }
  }
  memcpy(c->wb + c->wlen, d, l);
  c->wlen += l;
  if (!c->dirty) {
    c->dirty = 1;
    dirtyl[ndirty++] = c;
  }
}
static void wf(conn *c, const char *f, ...) {
  char b[4096];
  va_list a;
  va_start(a, f);
  int l = vsnprintf(b, sizeof b, f, a);
  va_end(a);
  if (o.verbose) fprintf(stderr, "[%d] > %s\n", c->idx, b);
  wput(c, b, l);
}
static void setev(conn *c, int w) {
  if (c->want_wr == w) return;
  c->want_wr = w;
  struct epoll_event e = {.events = EPOLLIN | (w ? EPOLLOUT : 0), .data.ptr = c};
  epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}
static void start_next(void);
static void fail(conn *c, const char *why) {
  if (c->state == S_DEAD) return;
  if (!stopping) {
    nfailed++;
    if (nfailed <= 5) fprintf(stderr, "client %d failed in state %d: %s\n", c->idx, c->state, why);
  }
  if (c->state != S_READY && c->state != S_IDLE) {
    npending--;
  } else if (c->state == S_READY)
    nready--;
  c->state = S_DEAD;
  if (c->fd >= 0) {
    close(c->fd);
    c->fd = -1;
  }
  if (c->ssl) {
    SSL_free(c->ssl);
    c->ssl = NULL;
  }
}
static void flush1(conn *c) {
  while (c->woff < c->wlen) {
    int r;
    if (c->ssl) {
      ERR_clear_error();
      r = SSL_write(c->ssl, c->wb + c->woff, c->wlen - c->woff);
      if (r <= 0) {
        int e = SSL_get_error(c->ssl, r);
        if (e == SSL_ERROR_WANT_WRITE || e == SSL_ERROR_WANT_READ) {
          setev(c, 1);
          return;
        }
        fail(c, "ssl write");
        return;
      }
    } else {
      r = send(c->fd, c->wb + c->woff, c->wlen - c->woff, MSG_NOSIGNAL);
      if (r < 0) {
        if (errno == EAGAIN) {
          setev(c, 1);
          return;
        }
        fail(c, strerror(errno));
        return;
      }
    }
    c->woff += r;
    bytes_out += r;
  }
  c->woff = c->wlen = 0;
  if (c->want_wr) setev(c, 0);
}
static void flushall(void) {
  for (int i = 0; i < ndirty; i++) {
    conn *c = dirtyl[i];
    c->dirty = 0;
    if (c->state != S_DEAD && c->state != S_CONNECTING && c->state != S_TLSHS) flush1(c);
  }
  ndirty = 0;
}

/* ---- xml helpers ---- */
static void b64e(const unsigned char *i, int n, char *out) { EVP_EncodeBlock((unsigned char *)out, i, n); }
static int b64d(const char *i, int n, unsigned char *out) {
  int r = EVP_DecodeBlock(out, (const unsigned char *)i, n);
  if (r < 0) return -1;
  while (n > 0 && i[n - 1] == '=') {
    r--;
    n--;
  }
  return r;
}
static char *elemtext(char *s, int *len) {
  char *g = strchr(s, '>');
  if (!g || g[-1] == '/') {
    *len = 0;
    return g;
  }
  g++;
  char *e = strchr(g, '<');
  *len = e ? e - g : 0;
  return g;
}

static void hdr(conn *c) {
  c->depth = 0;
  c->scan = 0;
  c->rlen = 0;
  c->sstart = -1;
  c->state = S_STREAM;
  wf(c,
     "<?xml version='1.0'?><stream:stream to='%s' version='1.0' xmlns='jabber:client' "
     "xmlns:stream='http://etherx.jabber.org/streams'>",
     o.domain);
}
static void user(conn *c, char *b, int n) { snprintf(b, n, "%s%d", o.prefix, c->idx); }
static void sendmsg1(conn *c);

static void ready(conn *c) {
  c->t1 = now();
  c->state = S_READY;
  nready++;
  npending--;
  if (!strcmp(o.mode, "login") || !strcmp(o.mode, "idle")) addlat(c->t1 - c->t0);
  start_next();
}
static void after_roster(conn *c) {
  if (o.presence) {
    wf(c, "<presence/>");
    c->state = S_PRES;
  } else
    ready(c);
}
static void after_bind(conn *c) {
  if (o.sm) wf(c, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
  if (o.roster) {
    c->state = S_ROSTER;
    wf(c, "<iq type='get' id='ro'><query xmlns='jabber:iq:roster'/></iq>");
  } else
    after_roster(c);
}

static void start_auth(conn *c) {
  char u[64];
  user(c, u, sizeof u);
  if (o.mech == M_PLAIN) {
    unsigned char raw[256];
    int l = 0;
    raw[l++] = 0;
    l += sprintf((char *)raw + l, "%s", u);
    raw[l++] = 0;
    l += sprintf((char *)raw + l, "%s", o.password);
    char e[400];
    b64e(raw, l, e);
    c->state = S_CHAL;
    wf(c, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>%s</auth>", e);
    return;
  }
  unsigned char r[15];
  RAND_bytes(r, 15);
  b64e(r, 15, c->nonce);
  snprintf(c->cfb, sizeof c->cfb, "n=%s,r=%s", u, c->nonce);
  char m[220], e[320];
  int l = snprintf(m, sizeof m, "n,,%s", c->cfb);
  b64e((unsigned char *)m, l, e);
  c->state = S_AUTH;
  wf(c, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='%s'>%s</auth>", mechname[o.mech], e);
}
static void scram_challenge(conn *c, char *s) {
  int l;
  char *t = elemtext(s, &l);
  char sf[512];
  int sl = b64d(t, l, (unsigned char *)sf);
  if (sl <= 0 || sl > 480) {
    fail(c, "bad challenge");
    return;
  }
  sf[sl] = 0;
  char *r = strstr(sf, "r="), *sa = strstr(sf, ",s="), *it = strstr(sf, ",i=");
  if (!r || !sa || !it) {
    fail(c, "bad challenge fields");
    return;
  }
  int rl = sa - r - 2, sal = it - sa - 3, iter = atoi(it + 3);
  char salt64[96];
  if (sal > 95) {
    fail(c, "salt");
    return;
  }
  memcpy(salt64, sa + 3, sal);
  salt64[sal] = 0;
  const EVP_MD *md = o.mech == M_SHA1 ? EVP_sha1() : EVP_sha256();
  int hl = EVP_MD_size(md);
  if (c->splen != hl || c->spiter != iter || strcmp(c->salt, salt64)) {
    unsigned char salt[96];
    int n = b64d(salt64, sal, salt);
    PKCS5_PBKDF2_HMAC(o.password, strlen(o.password), salt, n, iter, md, hl, c->sp);
    c->splen = hl;
    c->spiter = iter;
    strcpy(c->salt, salt64);
  }
  unsigned char ck[32], sk[32], csig[32], sks[32];
  unsigned ul;
  HMAC(md, c->sp, hl, (unsigned char *)"Client Key", 10, ck, &ul);
  EVP_Digest(ck, hl, sk, &ul, md, NULL);
  char am[1200];
  char cfn[400];
  snprintf(cfn, sizeof cfn, "c=biws,r=%.*s", rl, r + 2);
  int al = snprintf(am, sizeof am, "%s,%s,%s", c->cfb, sf, cfn);
  HMAC(md, sk, hl, (unsigned char *)am, al, csig, &ul);
  for (int i = 0; i < hl; i++) ck[i] ^= csig[i];
  HMAC(md, c->sp, hl, (unsigned char *)"Server Key", 10, sks, &ul);
  HMAC(md, sks, hl, (unsigned char *)am, al, c->ssig, &ul);
  char p[64], fin[500], e[700];
  b64e(ck, hl, p);
  int fl = snprintf(fin, sizeof fin, "%s,p=%s", cfn, p);
  b64e((unsigned char *)fin, fl, e);
  c->state = S_CHAL;
  wf(c, "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>%s</response>", e);
}
static void tls_start(conn *c) {
  c->ssl = SSL_new(ctx);
  SSL_set_fd(c->ssl, c->fd);
  SSL_set_tlsext_host_name(c->ssl, o.domain);
  SSL_set_connect_state(c->ssl);
  if (o.resume && c->sess) SSL_set_session(c->ssl, c->sess);
  c->state = S_TLSHS;
}
static void tls_step(conn *c) {
  ERR_clear_error();
  int r = SSL_do_handshake(c->ssl);
  if (r == 1) {
    setev(c, 0);
    hdr(c);
    return;
  }
  int e = SSL_get_error(c->ssl, r);
  if (e == SSL_ERROR_WANT_READ)
    setev(c, 0);
  else if (e == SSL_ERROR_WANT_WRITE)
    setev(c, 1);
  else
    fail(c, "tls handshake");
}

/* A request of the server, a ping for one: whoever answers is there. */
static int refuse_request(conn *c, char *s, int len) {
  int head = len < 400 ? len : 400;
  char *type = memmem(s, head, " type=", 6);
  char *id = memmem(s, head, " id=", 4);
  if (!type || !id || (strncmp(type + 7, "get", 3) && strncmp(type + 7, "set", 3))) return 0;
  char *end = strchr(id + 5, id[4]);
  if (!end) return 0;
  wf(c,
     "<iq type='error' id='%.*s' to='%s'><error type='cancel'><service-unavailable "
     "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
     (int)(end - id - 5), id + 5, o.domain);
  return 1;
}

/* called with NUL-terminated complete top-level child */
static void on_stanza(conn *c, char *s, int len) {
  if (c->state == S_READY) {
    c->rcvd++;
    if (s[1] == 'm') { /* message */
      char *id = memmem(s, len < 400 ? len : 400, " id=", 4);
      if (id && id[5] == 'm' && id[6] == '-') {
        uint64_t t = strtoull(id + 7, NULL, 16);
        if (measuring) {
          delivered++;
          if ((delivered & (o.rate > 0 ? 0 : 15)) == 0) addlat((nowns() - t) * 1e-9);
        }
        conn *p = &C[c->peer];
        if (p->inflight > 0) p->inflight--;
        if (!stopping && o.rate <= 0 && p->state == S_READY) sendmsg1(p);
      }
      return;
    }
    if (s[1] == 'i') {
      if (refuse_request(c, s, len)) return;
      char *id = memmem(s, len < 400 ? len : 400, " id=", 4);
      if (id && id[5] == 'p' && id[6] == '-') {
        uint64_t t = strtoull(id + 7, NULL, 16);
        if (measuring) {
          delivered++;
          if ((delivered & (o.rate > 0 ? 0 : 15)) == 0) addlat((nowns() - t) * 1e-9);
        }
        c->inflight--;
        if (!stopping && o.rate <= 0) sendmsg1(c);
      }
      return;
    }
    if (s[1] == 'p' && !strcmp(o.mode, "fanout")) {
      char *st = memmem(s, len, "t-", 2);
      if (st) {
        uint64_t t = strtoull(st + 2, NULL, 16);
        if (measuring) {
          delivered++;
          if ((delivered & 15) == 0) addlat((nowns() - t) * 1e-9);
        }
      }
    }
    return;
  }
  if (o.verbose) fprintf(stderr, "[%d] < %s\n", c->idx, s);
  if (!strncmp(s, "<stream:error", 13) || strstr(s, "urn:ietf:params:xml:ns:xmpp-streams")) {
    fail(c, s);
    return;
  }
  switch (c->state) {
    case S_STREAM:
      if (!strncmp(s, "<stream:features", 16) || !strncmp(s, "<features", 9)) {
        if (o.tls == T_STARTTLS && !c->ssl) {
          c->state = S_STARTTLS;
          wf(c, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        } else if (!strcmp(o.mode, "register")) {
          char u[64];
          user(c, u, sizeof u);
          c->state = S_REG;
          wf(c,
             "<iq type='set' id='reg'><query "
             "xmlns='jabber:iq:register'><username>%s</username><password>%s</password></query></iq>",
             u, o.password);
        } else if (!c->authed)
          start_auth(c);
        else {
          c->state = S_BIND;
          wf(c,
             "<iq type='set' id='bi'><bind "
             "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>%s</resource></bind></iq>",
             o.resource);
          if (strstr(s, "urn:ietf:params:xml:ns:xmpp-session") && !strstr(s, "<optional")) c->rcvd = 1;
        }
      }
      break;
    case S_REG:
      if (strstr(s, "conflict"))
        regdup++;
      else if (strstr(s, "error")) {
        fail(c, s);
        return;
      } else
        regok++;
      npending--;
      c->state = S_DEAD;
      close(c->fd);
      c->fd = -1;
      if (c->ssl) {
        SSL_free(c->ssl);
        c->ssl = NULL;
      }
      start_next();
      break;
    case S_STARTTLS:
      if (!strncmp(s, "<proceed", 8)) {
        c->rlen = c->scan = 0;
        tls_start(c);
        tls_step(c);
      } else
        fail(c, s);
      break;
    case S_AUTH:
      if (!strncmp(s, "<challenge", 10))
        scram_challenge(c, s);
      else
        fail(c, s);
      break;
    case S_CHAL:
      if (!strncmp(s, "<success", 8)) {
        if (o.mech != M_PLAIN) {
          int l;
          char *t = elemtext(s, &l);
          unsigned char v[400];
          int n = l > 0 && l < 390 ? b64d(t, l, v) : -1;
          char e[64];
          b64e(c->ssig, o.mech == M_SHA1 ? 20 : 32, e);
          if (n < 2 || strncmp((char *)v + 2, e, strlen(e))) {
            fail(c, "server signature mismatch");
            return;
          }
        }
        c->authed = 1;
        hdr(c);
      } else
        fail(c, s);
      break;
    case S_BIND:
      if (strstr(s, "'bi'") || strstr(s, "\"bi\"")) {
        char *j = strstr(s, "<jid>");
        if (!j) {
          fail(c, s);
          return;
        }
        char *e = strstr(j, "</jid>");
        c->jid = strndup(j + 5, e - j - 5);
        if (c->rcvd) {
          c->rcvd = 0;
          c->state = S_SESS;
          wf(c, "<iq type='set' id='se'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>");
        } else
          after_bind(c);
      }
      break;
    case S_SESS:
      if (strstr(s, "'se'") || strstr(s, "\"se\"")) after_bind(c);
      break;
    case S_ROSTER:
      if (strstr(s, "'ro'") || strstr(s, "\"ro\"")) after_roster(c);
      break;
    case S_PRES:
      if (!strncmp(s, "<presence", 9)) ready(c);
      break; /* own presence reflected */
  }
}
static void parse(conn *c) {
  int gen = c->state;
  (void)gen;
  while (c->scan < c->rlen) {
    char *b = c->rb;
    char *lt = memchr(b + c->scan, '<', c->rlen - c->scan);
    if (!lt) {
      c->scan = c->rlen;
      break;
    }
    char *e = lt + 1, *end = b + c->rlen;
    char q = 0;
    for (; e < end; e++) {
      if (q) {
        char *x = memchr(e, q, end - e);
        if (!x) {
          e = end;
          break;
        }
        e = x;
        q = 0;
      } else if (*e == '>')
        break;
      else if (*e == '"' || *e == '\'')
        q = *e;
    }
    if (e >= end) {
      c->scan = lt - b;
      break;
    }
    int ts = lt - b, te = e - b + 1;
    c->scan = te;
    int done = 0;
    if (lt[1] == '?' || lt[1] == '!') continue;
    if (lt[1] == '/') {
      c->depth--;
      if (c->depth == 1)
        done = 1;
      else if (c->depth <= 0) {
        fail(c, "stream closed");
        return;
      }
    } else {
      int sc = e[-1] == '/';
      if (c->depth == 1) c->sstart = ts;
      if (sc) {
        if (c->depth == 1) done = 1;
      } else
        c->depth++;
    }
    if (done) {
      char sv = b[te];
      b[te] = 0;
      int st = c->state;
      char *ob = c->rb;
      int os = c->scan;
      on_stanza(c, b + c->sstart, te - c->sstart);
      if (c->state == S_DEAD) return;
      if (c->scan == 0 && c->rlen == 0 && st != c->state) return; /* stream restarted */
      if (c->state == S_TLSHS || (st == S_STARTTLS)) return;
      (void)ob;
      (void)os;
      b[te] = sv;
      c->sstart = -1;
    }
  }
  int keep = c->sstart >= 0 ? c->sstart : c->scan;
  if (keep > 0) {
    memmove(c->rb, c->rb + keep, c->rlen - keep);
    c->rlen -= keep;
    c->scan -= keep;
    if (c->sstart >= 0) c->sstart -= keep;
  }
}
static void rd(conn *c) {
  for (int k = 0; k < 8; k++) {
    if (c->rcap - c->rlen < 2048) {
      c->rcap = c->rcap ? c->rcap * 2 : 4096;
      c->rb = realloc(c->rb, c->rcap + 1);
    }
    int r, room = c->rcap - c->rlen;
    if (c->ssl) {
      ERR_clear_error();
      r = SSL_read(c->ssl, c->rb + c->rlen, room);
      if (r <= 0) {
        int e = SSL_get_error(c->ssl, r);
        if (e == SSL_ERROR_WANT_READ) return;
        if (e == SSL_ERROR_WANT_WRITE) {
          setev(c, 1);
          return;
        }
        fail(c, "ssl eof");
        return;
      }
    } else {
      r = recv(c->fd, c->rb + c->rlen, room, 0);
      if (r < 0) {
        if (errno == EAGAIN) return;
        fail(c, strerror(errno));
        return;
      }
      if (r == 0) {
        fail(c, "eof");
        return;
      }
    }
    c->rlen += r;
    bytes_in += r;
    parse(c);
    if (c->state == S_DEAD || c->state == S_TLSHS) return;
    if (!c->ssl && r < room) return;
  }
}
static void sendmsg1(conn *c) {
  char b[256];
  int l;
  uint64_t t = nowns();
  if (!strcmp(o.mode, "ping")) {
    l = snprintf(b, sizeof b, "<iq type='get' id='p-%llx' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>",
                 (unsigned long long)t, o.domain);
    wput(c, b, l);
  } else if (!strcmp(o.mode, "fanout")) {
    l = snprintf(b, sizeof b, "<presence><status>t-%llx</status></presence>", (unsigned long long)t);
    wput(c, b, l);
  } else {
    conn *p = &C[c->peer];
    char bare[128];
    const char *to = p->jid;
    if (o.bare) {
      snprintf(bare, sizeof bare, "%s", p->jid);
      char *x = strchr(bare, '/');
      if (x) *x = 0;
      to = bare;
    }
    l = snprintf(b, sizeof b, "<message to='%s' type='chat' id='m-%llx'><body>", to, (unsigned long long)t);
    wput(c, b, l);
    wput(c, bodytxt, o.body);
    wput(c, "</body></message>", 17);
  }
  c->sent++;
  c->inflight++;
}
static void start1(conn *c) {
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (c->fd < 0) die("socket: %s", strerror(errno));
  int one = 1;
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (o.srcs > 1) {
    struct sockaddr_in s = {.sin_family = AF_INET};
    s.sin_addr.s_addr = htonl(0x7f000001 + (c->idx % o.srcs));
    setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    if (bind(c->fd, (void *)&s, sizeof s)) die("bind");
  }
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(o.port)};
  inet_pton(AF_INET, o.host, &a.sin_addr);
  c->t0 = now();
  c->state = S_CONNECTING;
  c->authed = 0;
  c->depth = 0;
  c->sstart = -1;
  c->rlen = c->scan = 0;
  c->want_wr = 1;
  npending++;
  int r = connect(c->fd, (void *)&a, sizeof a);
  if (r < 0 && errno != EINPROGRESS) {
    fail(c, strerror(errno));
    return;
  }
  struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
  epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
}
static void start_next(void) {
  if (nstarted < N) start1(&C[nstarted++]);
}
static void handle(struct epoll_event *ev) {
  conn *c = ev->data.ptr;
  if (c->state == S_DEAD) return;
  if (c->state == S_CONNECTING) {
    int er = 0;
    socklen_t l = sizeof er;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &er, &l);
    if (er) {
      fail(c, strerror(er));
      return;
    }
    if (!(ev->events & EPOLLOUT)) return;
    setev(c, 0);
    if (o.tls == T_DIRECT) {
      tls_start(c);
      tls_step(c);
    } else
      hdr(c);
    return;
  }
  if (c->state == S_TLSHS) {
    tls_step(c);
    if (c->state != S_STREAM) return;
  }
  if (ev->events & (EPOLLIN | EPOLLHUP | EPOLLERR)) rd(c);
  if (c->state != S_DEAD && c->state != S_TLSHS && (ev->events & EPOLLOUT)) flush1(c);
}
static void loop(int ms) {
  struct epoll_event ev[512];
  int n = epoll_wait(ep, ev, 512, ms);
  for (int i = 0; i < n; i++) handle(&ev[i]);
  flushall();
}

static void cache_load(void) {
  if (!o.cache) return;
  FILE *f = fopen(o.cache, "r");
  if (!f) return;
  char k[128], m[32], s[96], h[80];
  int it;
  while (fscanf(f, "%127s %31s %d %95s %79s", k, m, &it, s, h) == 5) {
    if (strcmp(m, mechname[o.mech])) continue;
    int pl = strlen(o.prefix);
    if (strncmp(k, o.prefix, pl)) continue;
    int i = atoi(k + pl) - o.first;
    if (i < 0 || i >= N) continue;
    conn *c = &C[i];
    c->spiter = it;
    strcpy(c->salt, s);
    c->splen = strlen(h) / 2;
    for (int j = 0; j < c->splen; j++) {
      unsigned v;
      sscanf(h + 2 * j, "%2x", &v);
      c->sp[j] = v;
    }
  }
  fclose(f);
}
static void cache_save(void) {
  if (!o.cache || o.mech == M_PLAIN) return;
  FILE *f = fopen(o.cache, "a");
  if (!f) return;
  for (int i = 0; i < N; i++) {
    conn *c = &C[i];
    if (!c->splen) continue;
    fprintf(f, "%s%d %s %d %s ", o.prefix, c->idx, mechname[o.mech], c->spiter, c->salt);
    for (int j = 0; j < c->splen; j++) fprintf(f, "%02x", c->sp[j]);
    fputc('\n', f);
  }
  fclose(f);
  /* de-duplicate: last one wins */ char cmd[600];
  snprintf(cmd, sizeof cmd, "tac '%s' | awk '!s[$1\" \"$2]++' > '%s.t' && mv '%s.t' '%s'", o.cache, o.cache, o.cache,
           o.cache);
  if (system(cmd)) {
  }
}
static void closeall(void) {
  stopping = 1;
  for (int i = 0; i < N; i++)
    if (C[i].state == S_READY) wput(&C[i], "</stream:stream>", 16);
  flushall();
  double t = now();
  while (now() - t < 1.0 && nready > 0) loop(20);
  for (int i = 0; i < N; i++)
    if (C[i].fd >= 0 && C[i].state != S_DEAD && C[i].state != S_IDLE) {
      close(C[i].fd);
      C[i].fd = -1;
    }
}
static void login_all(void) {
  int k = o.conc < N ? o.conc : N;
  for (int i = 0; i < k; i++) start_next();
  double last = now();
  int pr = -1;
  while (nready + nfailed + regok + regdup < N) {
    loop(100);
    int x = nready + nfailed + regok + regdup;
    if (x != pr) {
      pr = x;
      last = now();
    }
    if (now() - last > 60) die("stuck: ready=%d failed=%d pending=%d of %d", nready, nfailed, npending, N);
    while (npending < o.conc && nstarted < N) start_next();
  }
}

static void usage(void) {
  fputs(
      "xmppload [options] MODE   (register|login|idle|pairs|ping|fanout)\n"
      " -H host -p port -d domain     server (127.0.0.1 5222 bench.test)\n"
      " -n N   clients (pairs: N pairs = 2N clients)   -U first index   -u user prefix (u)   -P password (secret) -R "
      "resource\n"
      " -t none|starttls|direct  -m PLAIN|SCRAM-SHA-1|SCRAM-SHA-256   -C file  SaltedPassword cache  -X 1.2  cap TLS "
      "version\n"
      " -E cert.pem -K key.pem   present a TLS client certificate\n"
      " -c login concurrency (64)  -r fetch roster   -0 no initial presence   -M enable XEP-0198\n"
      " -T measure s (10) -w warmup s (2) -W window per sender (8) -s body bytes (64) -L total msg/s open loop "
      "(0=closed loop) -B to bare JID -b both directions\n"
      " -I pid[,pid] server pids for CPU/RSS   -S idle settle s (15)   -A n source addresses 127.0.0.1..n  -l label  "
      "-v\n",
      stderr);
  exit(1);
}

int main(int ac, char **av) {
  int ch;
  while ((ch = getopt(ac, av, "H:p:d:n:U:u:P:t:m:C:c:r0T:w:W:s:L:BbI:S:A:vR:X:l:E:K:M")) != -1) switch (ch) {
      case 'H':
        o.host = optarg;
        break;
      case 'p':
        o.port = atoi(optarg);
        break;
      case 'd':
        o.domain = optarg;
        break;
      case 'n':
        o.n = atoi(optarg);
        break;
      case 'U':
        o.first = atoi(optarg);
        break;
      case 'u':
        o.prefix = optarg;
        break;
      case 'P':
        o.password = optarg;
        break;
      case 't':
        o.tls = !strcmp(optarg, "none") ? 0 : !strcmp(optarg, "starttls") ? 1 : 2;
        break;
      case 'm':
        o.mech = !strcmp(optarg, "PLAIN") ? 0 : !strcmp(optarg, "SCRAM-SHA-1") ? 1 : 2;
        break;
      case 'C':
        o.cache = optarg;
        break;
      case 'c':
        o.conc = atoi(optarg);
        break;
      case 'r':
        o.roster = 1;
        break;
      case '0':
        o.presence = 0;
        break;
      case 'T':
        o.dur = atof(optarg);
        break;
      case 'w':
        o.warm = atof(optarg);
        break;
      case 'W':
        o.window = atoi(optarg);
        break;
      case 's':
        o.body = atoi(optarg);
        break;
      case 'L':
        o.rate = atof(optarg);
        break;
      case 'B':
        o.bare = 1;
        break;
      case 'b':
        o.bidir = 1;
        break;
      case 'I':
        o.pids = optarg;
        break;
      case 'S':
        o.settle = atoi(optarg);
        break;
      case 'A':
        o.srcs = atoi(optarg);
        break;
      case 'v':
        o.verbose = 1;
        break;
      case 'R':
        o.resource = optarg;
        break;
      case 'X':
        o.tlsmax = optarg;
        break;
      case 'l':
        o.label = optarg;
        break;
      case 'E':
        o.cert = optarg;
        break;
      case 'K':
        o.key = optarg;
        break;
      case 'M':
        o.sm = 1;
        break;
      default:
        usage();
    }
  if (optind >= ac) usage();
  o.mode = av[optind];
  signal(SIGPIPE, SIG_IGN);
  struct rlimit rl;
  getrlimit(RLIMIT_NOFILE, &rl);
  rl.rlim_cur = rl.rlim_max;
  setrlimit(RLIMIT_NOFILE, &rl);
  int pairs = !strcmp(o.mode, "pairs");
  N = pairs ? o.n * 2 : o.n;
  C = calloc(N, sizeof *C);
  dirtyl = calloc(N, sizeof *dirtyl);
  for (int i = 0; i < N; i++) {
    C[i].fd = -1;
    C[i].idx = o.first + i;
    C[i].sstart = -1;
    C[i].peer = pairs ? (i ^ 1) : i;
  }
  bodytxt = malloc(o.body + 1);
  for (int i = 0; i < o.body; i++) bodytxt[i] = "abcdefghijklmnopqrstuvwxyz 0123456789"[i % 37];
  bodytxt[o.body] = 0;
  if (o.tls) {
    ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_mode(ctx,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    if (o.tlsmax && !strcmp(o.tlsmax, "1.2")) SSL_CTX_set_max_proto_version(ctx, TLS1_2_VERSION);
    if (o.cert && (SSL_CTX_use_certificate_chain_file(ctx, o.cert) != 1 ||
                   SSL_CTX_use_PrivateKey_file(ctx, o.key ? o.key : o.cert, SSL_FILETYPE_PEM) != 1))
      die("client certificate");
  }
  ep = epoll_create1(0);
  cache_load();
  const char *lab = o.label ? o.label : "";
  const char *tn[] = {"none", "starttls", "direct"};
  psample b0 = sample();
  long sm0 = sockmem();
  double sc0 = selfcpu(), t0 = now();
  login_all();
  double tl = now() - t0;
  psample b1 = sample();
  double sc1 = selfcpu();
  cache_save();
  char common[300];
  snprintf(common, sizeof common, "\"label\":\"%s\",\"mode\":\"%s\",\"tls\":\"%s\",\"mech\":\"%s\",\"clients\":%d", lab,
           o.mode, tn[o.tls], mechname[o.mech], N);
  if (!strcmp(o.mode, "register")) {
    printf("{%s,\"registered\":%d,\"existing\":%d,\"failed\":%d,\"per_s\":%.0f}\n", common, regok, regdup, nfailed,
           regok / tl);
    return nfailed ? 1 : 0;
  }
  if (!strcmp(o.mode, "login") || !strcmp(o.mode, "idle")) {
    qsort(lat, nlat, sizeof *lat, cmpd);
    printf(
        "{%s,\"ready\":%d,\"failed\":%d,\"seconds\":%.3f,\"logins_per_s\":%.0f,\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"srv_"
        "cpu_us_per_login\":%.0f,\"gen_cpu_us_per_login\":%.0f,\"other_cpu_pct\":%.0f}\n",
        common, nready, nfailed, tl, nready / tl, pct(.5) * 1e3, pct(.99) * 1e3,
        (b1.cpu - b0.cpu) * 1e6 / (nready ? nready : 1), (sc1 - sc0) * 1e6 / (nready ? nready : 1),
        ((b1.sys - b0.sys) - (b1.cpu - b0.cpu) - (sc1 - sc0)) / tl * 100);
    fflush(stdout);
  }
  if (!strcmp(o.mode, "idle")) {
    double te = now() + o.settle;
    while (now() < te) loop(200);
    psample s = sample();
    long sm1 = sockmem();
    printf(
        "{%s,\"ready\":%d,\"rss0_kb\":%ld,\"rss_kb\":%ld,\"per_conn_kb\":%.2f,\"anon_per_conn_kb\":%.2f,\"kernel_tcp_"
        "kb\":%ld,\"idle_cpu_pct\":%.2f}\n",
        common, nready, b0.rss, s.rss, (double)(s.rss - b0.rss) / nready, (double)(s.anon - b0.anon) / nready,
        sm1 - sm0, (s.cpu - b1.cpu) / o.settle * 100);
    closeall();
    return nfailed ? 1 : 0;
  }
  if (!strcmp(o.mode, "login")) {
    closeall();
    return nfailed ? 1 : 0;
  }
  /* traffic modes */
  nlat = 0;
  int step = pairs && !o.bidir ? 2 : 1;
  int ns = 0;
  double ts = now();
  if (o.rate <= 0)
    for (int i = 0; i < N; i += step) {
      for (int k = 0; k < o.window; k++) sendmsg1(&C[i]);
      ns++;
    }
  else
    for (int i = 0; i < N; i += step) ns++;
  flushall();
  psample m0 = {0}, m1;
  double tm = 0, cg0 = 0;
  uint64_t bi = 0;
  double sentd = 0;
  int rr = 0;
  for (;;) {
    double t = now();
    if (!measuring && t - ts >= o.warm) {
      measuring = 1;
      delivered = 0;
      nlat = 0;
      m0 = sample();
      tm = now();
      cg0 = selfcpu();
      bi = bytes_in;
    }
    if (measuring && t - tm >= o.dur) break;
    if (o.rate > 0) {
      double due = (t - ts) * o.rate;
      while (sentd < due) {
        conn *c = &C[(rr % ns) * step];
        rr++;
        if (c->state == S_READY) sendmsg1(c);
        sentd++;
      }
      flushall();
      loop(1);
    } else
      loop(100);
    if (nready == 0) die("all clients lost");
  }
  double el = now() - tm;
  m1 = sample();
  double cg1 = selfcpu();
  uint64_t d = delivered;
  bi = bytes_in - bi;
  measuring = 0;
  qsort(lat, nlat, sizeof *lat, cmpd);
  printf(
      "{%s,\"senders\":%d,\"window\":%d,\"body\":%d,\"rate_asked\":%.0f,\"delivered\":%llu,\"msgs_per_s\":%.0f,\"p50_"
      "ms\":%.3f,\"p95_ms\":%.3f,\"p99_ms\":%.3f,\"srv_cpu_pct\":%.0f,\"srv_cpu_us_per_msg\":%.2f,\"gen_cpu_pct\":%.0f,"
      "\"rx_mb_s\":%.1f,\"lost_clients\":%d,\"other_cpu_pct\":%.0f}\n",
      common, ns, o.window, o.body, o.rate, (unsigned long long)d, d / el, pct(.5) * 1e3, pct(.95) * 1e3,
      pct(.99) * 1e3, (m1.cpu - m0.cpu) / el * 100, d ? (m1.cpu - m0.cpu) * 1e6 / d : 0, (cg1 - cg0) / el * 100,
      bi / el / 1e6, nfailed, ((m1.sys - m0.sys) - (m1.cpu - m0.cpu) - (cg1 - cg0)) / el * 100);
  closeall();
  return nfailed ? 1 : 0;
}
