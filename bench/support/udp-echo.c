// Sends every datagram back, up to 64 with each pair of system calls: what the machine can do at most.
//
//   udp-echo PORT
//
// Build: cc -O2 -o udp-echo udp-echo.c
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { BATCH = 64, CAPACITY = 2048 };

int main(int argc, char **argv) {
  static unsigned char payloads[BATCH][CAPACITY];
  static struct sockaddr_in names[BATCH];
  static struct iovec vectors[BATCH];
  static struct mmsghdr messages[BATCH];
  if (argc != 2) return fprintf(stderr, "usage: udp-echo PORT\n"), 2;

  struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_DGRAM, 0), size = 4 << 20;
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  if (bind(fd, (void *)&local, sizeof local)) return perror("bind"), 1;
  for (int i = 0; i < BATCH; i++) {
    vectors[i].iov_base = payloads[i];
    messages[i].msg_hdr.msg_iov = &vectors[i];
    messages[i].msg_hdr.msg_iovlen = 1;
    messages[i].msg_hdr.msg_name = &names[i];
    messages[i].msg_hdr.msg_namelen = sizeof names[i];
  }
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    for (int i = 0; i < BATCH; i++) vectors[i].iov_len = CAPACITY;
    int received = recvmmsg(fd, messages, BATCH, MSG_WAITFORONE, 0);
    for (int i = 0; i < received; i++) vectors[i].iov_len = messages[i].msg_len;
    for (int sent = 0; sent < received;) {
      int n = sendmmsg(fd, messages + sent, (unsigned)(received - sent), 0);
      if (n <= 0) break;
      sent += n;
    }
  }
}
