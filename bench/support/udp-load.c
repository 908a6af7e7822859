// Closed-loop UDP load: echo datagrams, CoAP GETs or LwM2M Registers, with latency and the server's CPU time per message.
//
//   udp-load echo     PORT --pid PID [options]    60 bytes
//   udp-load get      PORT --pid PID [options]    CON GET of one path segment
//   udp-load register PORT --pid PID [options]    CON POST /rd?ep=...&lt=86400&lwm2m=1.0&b=U with seven links
//
//   --sockets N       local ports (64)            --outstanding N  requests under way (256)
//   --seconds S       measured time (3)           --warm S         time before that (1)
//   --path SEGMENT    of the GET (time)
//   --warm-messages N answers before measuring, however long they take (0)
//   --names N         distinct endpoint names (100000)
//   --first N         number of the first name (0)
//   --once            send each name once, then stop: fills a server; prints the time it took
//
// Prints one JSON object. Build: cc -O2 -o udp-load udp-load.c
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_OUTSTANDING = 8192, MAX_SOCKETS = 4096, MAX_PACKET = 512, BATCH = 64, MAX_SAMPLES = 4000000 };
static const uint64_t RESEND_AFTER = 2000000000ull;  // ns: the ACK_TIMEOUT of RFC 7252

struct slot {
  uint64_t first_sent, last_sent;
  uint32_t sequence;
  uint32_t name;
  int socket;
  int length;
  int idle;
  uint8_t packet[MAX_PACKET];
};

static struct slot slots[MAX_OUTSTANDING];
static int sockets[MAX_SOCKETS];
static uint16_t message_ids[MAX_SOCKETS];
static uint32_t latencies[MAX_SAMPLES];
static int is_register, is_get, is_once;
static const char *segment = "time";
static uint32_t name_count = 100000, first_name = 0;
static uint64_t names_given = 0, warm_messages = 0;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

// One option of up to 268 bytes (RFC 7252 section 3.1); deltas here are below 13.
static int put_option(uint8_t *at, int delta, const char *value, int length) {
  int n = 0;
  if (length < 13) {
    at[n++] = (uint8_t)(delta << 4 | length);
  } else {
    at[n++] = (uint8_t)(delta << 4 | 13);
    at[n++] = (uint8_t)(length - 13);
  }
  memcpy(at + n, value, (size_t)length);
  return n + length;
}

static const char links[] = "</>;rt=\"oma.lwm2m\",</1/0>,</3/0>,</4/0>,</5/0>,</6/0>,</7/0>";

// Header 4, token 6: slot (2) and sequence (4), so that an answer finds its request.
static int put_header(struct slot *slot, int index, uint8_t code) {
  uint8_t *p = slot->packet;
  uint16_t id = message_ids[slot->socket]++;
  p[0] = 0x40 | 6;  // version 1, CON, token of 6 bytes
  p[1] = code;
  p[2] = (uint8_t)(id >> 8);
  p[3] = (uint8_t)id;
  p[4] = (uint8_t)(index >> 8);
  p[5] = (uint8_t)index;
  memcpy(p + 6, &slot->sequence, 4);
  return 10;
}

static int build_get(struct slot *slot, int index) {
  int n = put_header(slot, index, 0x01);
  return n + put_option(slot->packet + n, 11, segment, (int)strlen(segment));  // Uri-Path
}

static int build_register(struct slot *slot, int index) {
  uint8_t *p = slot->packet;
  char name[64];
  int n = put_header(slot, index, 0x02);  // POST
  n += put_option(p + n, 11, "rd", 2);        // Uri-Path
  n += put_option(p + n, 1, "(", 1);          // Content-Format 40, link-format
  int l = snprintf(name, sizeof name, "ep=urn:imei:%015u", slot->name);
  n += put_option(p + n, 3, name, l);         // Uri-Query
  n += put_option(p + n, 0, "lt=86400", 8);
  n += put_option(p + n, 0, "lwm2m=1.0", 9);
  n += put_option(p + n, 0, "b=U", 3);
  p[n++] = 0xff;
  memcpy(p + n, links, sizeof links - 1);
  return n + (int)sizeof links - 1;
}

static int build_echo(struct slot *slot, int index) {
  memset(slot->packet, 0x55, 60);
  slot->packet[4] = (uint8_t)(index >> 8);
  slot->packet[5] = (uint8_t)index;
  memcpy(slot->packet + 6, &slot->sequence, 4);
  return 60;
}

// Prepares the next request of a slot; 0 when there is none left.
static int prepare(struct slot *slot, int index) {
  if (is_once && names_given >= name_count) return 0;
  slot->sequence++;
  slot->name = first_name + (uint32_t)(names_given++ % name_count);
  slot->length = is_register ? build_register(slot, index) : is_get ? build_get(slot, index) : build_echo(slot, index);
  slot->first_sent = slot->last_sent = now();
  return 1;
}

static uint64_t cpu_ticks(int pid) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file) return 0;
  size_t length = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[length] = 0;
  char *after = strrchr(text, ')');
  unsigned long user = 0, kernel = 0;
  if (after) sscanf(after + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
  return user + kernel;
}

static int by_value(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return x < y ? -1 : x > y;
}

static double percentile(uint64_t count, double part) {
  return count ? latencies[(uint64_t)((double)(count - 1) * part)] / 10.0 : 0;
}

int main(int argc, char **argv) {
  int socket_count = 64, outstanding = 256, pid = 0;
  double seconds = 3, warm = 1;
  if (argc < 3) return fprintf(stderr, "usage: udp-load echo|get|register PORT [options]\n"), 2;
  is_register = !strcmp(argv[1], "register");
  is_get = !strcmp(argv[1], "get");
  int port = atoi(argv[2]);
  for (int i = 3; i < argc; i++) {
    const char *value = i + 1 < argc ? argv[i + 1] : "";
    if (!strcmp(argv[i], "--once")) { is_once = 1; continue; }
    if (!strcmp(argv[i], "--pid")) pid = atoi(value);
    else if (!strcmp(argv[i], "--sockets")) socket_count = atoi(value);
    else if (!strcmp(argv[i], "--outstanding")) outstanding = atoi(value);
    else if (!strcmp(argv[i], "--path")) segment = value;
    else if (!strcmp(argv[i], "--seconds")) seconds = atof(value);
    else if (!strcmp(argv[i], "--warm")) warm = atof(value);
    else if (!strcmp(argv[i], "--warm-messages")) warm_messages = (uint64_t)atoll(value);
    else if (!strcmp(argv[i], "--names")) name_count = (uint32_t)atol(value);
    else if (!strcmp(argv[i], "--first")) first_name = (uint32_t)atol(value);
    else return fprintf(stderr, "unknown option %s\n", argv[i]), 2;
    i++;
  }
  if (socket_count > MAX_SOCKETS || outstanding > MAX_OUTSTANDING || socket_count < 1 || outstanding < 1 ||
      strlen(segment) > 255) return 2;

  struct sockaddr_in server = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int poll = epoll_create1(0);
  srand((unsigned)time(0) ^ (unsigned)getpid());
  for (int i = 0; i < socket_count; i++) {
    sockets[i] = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    int size = 4 << 20;
    setsockopt(sockets[i], SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (connect(sockets[i], (void *)&server, sizeof server)) return perror("connect"), 1;
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)i};
    epoll_ctl(poll, EPOLL_CTL_ADD, sockets[i], &event);
    message_ids[i] = (uint16_t)rand();
  }

  static uint8_t in[BATCH][2048];
  static struct mmsghdr receive[BATCH], transmit[BATCH];
  static struct iovec in_vectors[BATCH], out_vectors[BATCH];
  for (int i = 0; i < BATCH; i++) {
    in_vectors[i] = (struct iovec){in[i], sizeof in[i]};
    receive[i].msg_hdr.msg_iov = &in_vectors[i];
    transmit[i].msg_hdr.msg_iov = &out_vectors[i];
    receive[i].msg_hdr.msg_iovlen = transmit[i].msg_hdr.msg_iovlen = 1;
  }

  uint64_t started = now(), measured_from = started + (uint64_t)(warm * 1e9);
  uint64_t until = 0, last_check = started;
  uint64_t done = 0, all_done = 0, resent = 0, bad = 0, samples = 0, measure_start = started, ticks = cpu_ticks(pid);
  int is_measuring = is_once, bad_code = 0, under_way = 0;
  for (int i = 0; i < outstanding; i++) {
    slots[i].socket = i % socket_count;
    slots[i].idle = !prepare(&slots[i], i);
    if (slots[i].idle) continue;
    under_way++;
    if (send(sockets[slots[i].socket], slots[i].packet, (size_t)slots[i].length, 0) < 0 && errno != EAGAIN) perror("send");
  }

  struct epoll_event events[256];
  for (;;) {
    uint64_t t = now();
    if (!is_measuring && t >= measured_from && all_done >= warm_messages) {
      is_measuring = 1;
      until = t + (uint64_t)(seconds * 1e9);
      measure_start = t;
      ticks = cpu_ticks(pid);
      done = resent = bad = samples = 0;
    }
    if (is_once ? under_way == 0 : is_measuring && t >= until) break;
    int ready = epoll_wait(poll, events, 256, 1);
    t = now();
    for (int e = 0; e < ready; e++) {
      int fd = sockets[events[e].data.u32], count = recvmmsg(fd, receive, BATCH, MSG_DONTWAIT, 0), queued = 0;
      for (int i = 0; i < count; i++) {
        uint8_t *p = in[i];
        uint32_t sequence;
        if (receive[i].msg_len < 10) continue;  // an empty ACK: the answer comes later
        int index = p[4] << 8 | p[5];
        memcpy(&sequence, p + 6, 4);
        if (index >= outstanding || sequence != slots[index].sequence || slots[index].idle) continue;
        struct slot *slot = &slots[index];
        if ((is_register && p[1] != 0x41) || (is_get && p[1] != 0x45)) { bad++; bad_code = p[1]; }
        if (is_measuring && samples < MAX_SAMPLES) latencies[samples++] = (uint32_t)(t > slot->first_sent ? (t - slot->first_sent) / 100 : 0);
        done++;
        all_done++;
        if (!prepare(slot, index)) { slot->idle = 1; under_way--; continue; }
        out_vectors[queued++] = (struct iovec){slot->packet, (size_t)slot->length};
      }
      for (int sent = 0; sent < queued;) {
        int n = sendmmsg(fd, transmit + sent, (unsigned)(queued - sent), 0);
        if (n <= 0) break;  // resent below
        sent += n;
      }
    }
    if (t - last_check > 20000000ull) {
      last_check = t = now();
      for (int i = 0; i < outstanding; i++) {
        if (slots[i].idle || t - slots[i].last_sent < RESEND_AFTER) continue;
        slots[i].last_sent = t;
        resent++;
        send(sockets[slots[i].socket], slots[i].packet, (size_t)slots[i].length, 0);
      }
    }
  }

  double elapsed = (double)(now() - measure_start) / 1e9;
  double cpu = (double)(cpu_ticks(pid) - ticks) / (double)sysconf(_SC_CLK_TCK);
  qsort(latencies, samples, sizeof *latencies, by_value);
  printf("{\"rate\":%.0f,\"p50us\":%.1f,\"p99us\":%.1f,\"maxus\":%.1f,\"cpuUsPerMessage\":%.2f,\"messages\":%llu,"
         "\"resent\":%llu,\"bad\":%llu,\"badCode\":\"%d.%02d\",\"seconds\":%.3f}\n",
         (double)done / elapsed, percentile(samples, 0.5), percentile(samples, 0.99), percentile(samples, 1),
         done ? cpu * 1e6 / (double)done : 0, (unsigned long long)all_done, (unsigned long long)resent,
         (unsigned long long)bad, bad_code >> 5, bad_code & 31, elapsed);
  return 0;
}
