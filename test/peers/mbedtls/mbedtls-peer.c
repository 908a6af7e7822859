/*
 * A DTLS client or server on mbedTLS. The client sends each line of its standard input and prints what comes back; at `resume` it
 * ends the session and resumes it, at `cid` it prints whether Connection IDs are in use. The server sends everything back. Identity "me",
 * key "0123456789abcdef", or certificates. CID: bytes of its own Connection ID, 0: it uses the peer's alone, -1: it knows no such thing.
 * mbedtls-peer client|server PORT SUITE MTU CID [FOLDER]
 */
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#include <mbedtls/error.h>
#include <mbedtls/net_sockets.h>
#include <mbedtls/ssl.h>
#include <mbedtls/ssl_cookie.h>
#include <mbedtls/timing.h>
#include <mbedtls/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char key[] = "0123456789abcdef";
static mbedtls_ssl_context ssl;
static mbedtls_net_context net;
static mbedtls_timing_delay_context timer;
static int cid_length = -1;

static void must(int result, const char *what) {
  char text[200];
  if (result >= 0) return;
  mbedtls_strerror(result, text, sizeof text);
  printf("FAILED %s: %s\n", what, text);
  exit(1);
}

/* A session that is reset forgets it. */
static void use_connection_id(void) {
#if defined(MBEDTLS_SSL_DTLS_CONNECTION_ID)
  if (cid_length >= 0)
    must(mbedtls_ssl_set_cid(&ssl, MBEDTLS_SSL_CID_ENABLED, (const unsigned char *)"mbed-cid", cid_length), "set_cid");
#endif
}

static void tell_connection_id(void) {
#if defined(MBEDTLS_SSL_DTLS_CONNECTION_ID)
  unsigned char peer[MBEDTLS_SSL_CID_OUT_LEN_MAX];
  size_t length = 0;
  int enabled = 0;
  must(mbedtls_ssl_get_peer_cid(&ssl, &enabled, peer, &length), "get_peer_cid");
  printf("CID %s, the peer's has %d bytes\n", enabled ? "in use" : "unused", enabled ? (int)length : 0);
#endif
}

/* Where a flight was sent as often as mbedTLS sends it, the client begins anew. */
static void shake_hands(void) {
  int result;
  for (int attempt = 0; attempt < 100; attempt++) {
    do result = mbedtls_ssl_handshake(&ssl);
    while (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE);
    if (result != MBEDTLS_ERR_SSL_TIMEOUT) break;
    must(mbedtls_ssl_session_reset(&ssl), "reset");
    use_connection_id();
  }
  must(result, "handshake");
  printf("SESSION %s\n", mbedtls_ssl_get_ciphersuite(&ssl));
}

static int receive(unsigned char *buffer, int length) {
  int result;
  do result = mbedtls_ssl_read(&ssl, buffer, length);
  while (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE);
  return result;
}

static void run_client(void) {
  char line[1000];
  unsigned char answer[2000];
  shake_hands();
  while (fgets(line, sizeof line, stdin)) {
    if (!strcmp(line, "resume\n")) {
      mbedtls_ssl_session session;
      mbedtls_ssl_session_init(&session);
      must(mbedtls_ssl_get_session(&ssl, &session), "get_session");
      mbedtls_ssl_close_notify(&ssl);
      must(mbedtls_ssl_session_reset(&ssl), "reset");
      use_connection_id();
      must(mbedtls_ssl_set_session(&ssl, &session), "set_session");
      shake_hands();
      continue;
    }
    if (!strcmp(line, "cid\n")) {
      tell_connection_id();
      continue;
    }
    must(mbedtls_ssl_write(&ssl, (unsigned char *)line, strlen(line)), "write");
    int length = receive(answer, sizeof answer - 1);
    if (length == MBEDTLS_ERR_SSL_TIMEOUT) continue;
    must(length, "read");
    printf("ANSWER %.*s\n", length, answer);
  }
}

static void run_server(mbedtls_net_context *listening) {
  for (;;) {
    unsigned char from[16], content[2000];
    size_t from_length = 0;
    int result;
    mbedtls_net_free(&net);
    must(mbedtls_ssl_session_reset(&ssl), "reset");
    use_connection_id();
    must(mbedtls_net_accept(listening, &net, from, sizeof from, &from_length), "accept");
    must(mbedtls_ssl_set_client_transport_id(&ssl, from, from_length), "transport id");
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, mbedtls_net_recv_timeout);
    do result = mbedtls_ssl_handshake(&ssl);
    while (result == MBEDTLS_ERR_SSL_WANT_READ || result == MBEDTLS_ERR_SSL_WANT_WRITE);
    if (result == MBEDTLS_ERR_SSL_HELLO_VERIFY_REQUIRED) continue;
    must(result, "handshake");
    printf("SESSION %s\n", mbedtls_ssl_get_ciphersuite(&ssl));
    tell_connection_id();
    for (int length; (length = receive(content, sizeof content)) > 0;) mbedtls_ssl_write(&ssl, content, length);
  }
}

int main(int count, char **arguments) {
  if (count < 6) return 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  cid_length = atoi(arguments[5]);
  const char *folder = count > 6 ? arguments[6] : NULL;
  const int is_client = !strcmp(arguments[1], "client");
  static int suites[2];
  suites[0] = mbedtls_ssl_get_ciphersuite_id(arguments[3]);
  if (!suites[0]) return printf("FAILED no suite %s\n", arguments[3]), 1;
  static mbedtls_entropy_context entropy;
  static mbedtls_ctr_drbg_context random;
  static mbedtls_ssl_config config;
  static mbedtls_ssl_cookie_ctx cookies;
  static mbedtls_x509_crt authority, own;
  static mbedtls_pk_context own_key;
  mbedtls_entropy_init(&entropy);
  mbedtls_ctr_drbg_init(&random);
  must(mbedtls_ctr_drbg_seed(&random, mbedtls_entropy_func, &entropy, NULL, 0), "seed");
  mbedtls_ssl_config_init(&config);
  must(mbedtls_ssl_config_defaults(&config, is_client ? MBEDTLS_SSL_IS_CLIENT : MBEDTLS_SSL_IS_SERVER,
                                   MBEDTLS_SSL_TRANSPORT_DATAGRAM, MBEDTLS_SSL_PRESET_DEFAULT), "defaults");
  mbedtls_ssl_conf_rng(&config, mbedtls_ctr_drbg_random, &random);
  mbedtls_ssl_conf_ciphersuites(&config, suites);
#if MBEDTLS_VERSION_MAJOR >= 3
  mbedtls_ssl_conf_min_tls_version(&config, MBEDTLS_SSL_VERSION_TLS1_2);
#else
  mbedtls_ssl_conf_min_version(&config, MBEDTLS_SSL_MAJOR_VERSION_3, MBEDTLS_SSL_MINOR_VERSION_3);
#endif
#if defined(MBEDTLS_SSL_DTLS_CONNECTION_ID)
  if (cid_length >= 0) must(mbedtls_ssl_conf_cid(&config, cid_length, MBEDTLS_SSL_UNEXPECTED_CID_IGNORE), "conf_cid");
#else
  if (cid_length >= 0) return printf("FAILED this mbedTLS has no Connection IDs\n"), 1;
#endif
  mbedtls_ssl_conf_read_timeout(&config, is_client ? 3000 : 0);
  mbedtls_ssl_conf_handshake_timeout(&config, 200, 3200);
  if (folder) {
    char path[500];
    const char *name = is_client ? "client" : "server";
    mbedtls_x509_crt_init(&authority);
    mbedtls_x509_crt_init(&own);
    mbedtls_pk_init(&own_key);
    snprintf(path, sizeof path, "%s/ca.pem", folder);
    must(mbedtls_x509_crt_parse_file(&authority, path), path);
    snprintf(path, sizeof path, "%s/%s.pem", folder, name);
    must(mbedtls_x509_crt_parse_file(&own, path), path);
    snprintf(path, sizeof path, "%s/%s.key", folder, name);
#if MBEDTLS_VERSION_MAJOR >= 3
    must(mbedtls_pk_parse_keyfile(&own_key, path, NULL, mbedtls_ctr_drbg_random, &random), path);
#else
    must(mbedtls_pk_parse_keyfile(&own_key, path, NULL), path);
#endif
    mbedtls_ssl_conf_ca_chain(&config, &authority, NULL);
    must(mbedtls_ssl_conf_own_cert(&config, &own, &own_key), "own certificate");
    mbedtls_ssl_conf_authmode(&config, MBEDTLS_SSL_VERIFY_REQUIRED);
  } else {
    must(mbedtls_ssl_conf_psk(&config, key, 16, (const unsigned char *)"me", 2), "psk");
  }
  mbedtls_net_init(&net);
  if (!is_client) {
    mbedtls_ssl_cookie_init(&cookies);
    must(mbedtls_ssl_cookie_setup(&cookies, mbedtls_ctr_drbg_random, &random), "cookies");
    mbedtls_ssl_conf_dtls_cookies(&config, mbedtls_ssl_cookie_write, mbedtls_ssl_cookie_check, &cookies);
  }
  must(mbedtls_ssl_setup(&ssl, &config), "setup");
  mbedtls_ssl_set_timer_cb(&ssl, &timer, mbedtls_timing_set_delay, mbedtls_timing_get_delay);
  mbedtls_ssl_set_mtu(&ssl, atoi(arguments[4]));
  use_connection_id();
  if (is_client) {
    if (folder) must(mbedtls_ssl_set_hostname(&ssl, "server.example"), "hostname");
    must(mbedtls_net_connect(&net, "127.0.0.1", arguments[2], MBEDTLS_NET_PROTO_UDP), "connect");
    mbedtls_ssl_set_bio(&ssl, &net, mbedtls_net_send, mbedtls_net_recv, mbedtls_net_recv_timeout);
    run_client();
  } else {
    mbedtls_net_context listening;
    mbedtls_net_init(&listening);
    must(mbedtls_net_bind(&listening, "127.0.0.1", arguments[2], MBEDTLS_NET_PROTO_UDP), "bind");
    printf("READY\n");
    run_server(&listening);
  }
  return 0;
}
