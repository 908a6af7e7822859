/*
 * Sends one datagram COUNT times to 127.0.0.1:PORT, each from another address of 127.0.0.0/8 and another port of ours, at
 * RATE a second; DATAGRAM is in hex. The last 32 bytes of OFFSET on vary. udp-flood PORT COUNT RATE DATAGRAM OFFSET
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define BATCH 64
#define SOCKETS 16

static uint64_t seed = 88172645463325252ull;
static uint64_t next(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  return seed ^= seed << 17;
}

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 6) return fprintf(stderr, "udp-flood PORT COUNT RATE DATAGRAM OFFSET\n"), 2;
  const int port = atoi(argv[1]), count = atoi(argv[2]), rate = atoi(argv[3]), offset = atoi(argv[5]);
  const int length = strlen(argv[4]) / 2;
  static unsigned char packets[BATCH][2048];
  static char control[BATCH][CMSG_SPACE(sizeof(struct in_pktinfo))];
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  int sockets[SOCKETS];
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  for (int i = 0; i < SOCKETS; i++) sockets[i] = socket(AF_INET, SOCK_DGRAM, 0);
  memset(messages, 0, sizeof messages);
  for (int i = 0; i < BATCH; i++) {
    for (int k = 0; k < length; k++) sscanf(argv[4] + 2 * k, "%2hhx", &packets[i][k]);
    parts[i] = (struct iovec){packets[i], length};
    messages[i].msg_hdr = (struct msghdr){.msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &parts[i], .msg_iovlen = 1,
                                          .msg_control = control[i], .msg_controllen = sizeof control[i]};
    struct cmsghdr *header = CMSG_FIRSTHDR(&messages[i].msg_hdr);
    header->cmsg_level = IPPROTO_IP;
    header->cmsg_type = IP_PKTINFO;
    header->cmsg_len = CMSG_LEN(sizeof(struct in_pktinfo));
  }
  const uint64_t start = now();
  for (int sent = 0; sent < count;) {
    for (int i = 0; i < BATCH; i++) {
      struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(0x7f000000u | (next() % 0xfffffe + 1))};
      memcpy(CMSG_DATA(CMSG_FIRSTHDR(&messages[i].msg_hdr)), &info, sizeof info);
      for (int k = 0; k < 32; k += 8) {
        uint64_t random = next();
        memcpy(packets[i] + offset + k, &random, 8);
      }
    }
    int done = sendmmsg(sockets[(sent / BATCH) % SOCKETS], messages, BATCH, 0);
    if (done > 0) sent += done;
    /* What comes back is for addresses that nobody listens at: the sockets are bound to all of them. */
    char drain[2048];
    while (recv(sockets[(sent / BATCH) % SOCKETS], drain, sizeof drain, MSG_DONTWAIT) > 0) {}
    const uint64_t due = start + (uint64_t)sent * 1000000000ull / rate;
    const int64_t early = due - now();
    if (early > 0) nanosleep(&(struct timespec){early / 1000000000, early % 1000000000}, NULL);
  }
  return 0;
}
