/* Modbus TCP servers, one a port of 127.0.0.1: modbus_devices FIRST_PORT COUNT [time].
 * Function 3 at any address: register A of the server on port P holds (P + A) mod 2^16; with "time",
 * registers 0..3 hold the time of the answer instead, in microseconds since 1970.
 * Prints "ready" when all of them listen. One process, one thread. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 7, REQUEST = 12, ROOM = 4096, MOST_REGISTERS = 125 };

struct end {
  int fd;
  int listens;
  uint16_t port;
  size_t used;
  uint8_t in[ROOM];
};

enum { TIME_REGISTERS = 4 };

static int poll_fd;
static int with_time;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static struct end *watch(int fd, int listens, uint16_t port) {
  struct end *end = calloc(1, sizeof *end);
  if (end == NULL) fail("calloc");
  end->fd = fd;
  end->listens = listens;
  end->port = port;
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = end};
  if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
  return end;
}

static void listen_on(uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) fail("socket");
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port)};
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, (struct sockaddr *)&at, sizeof at) < 0) fail("bind");
  if (listen(fd, 16) < 0) fail("listen");
  watch(fd, 1, port);
}

static void take(struct end *listener) {
  int fd = accept(listener->fd, NULL, NULL);
  if (fd < 0) return;
  int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  watch(fd, 0, listener->port);
}

static unsigned word(const uint8_t *at) { return (unsigned)at[0] << 8 | at[1]; }

static void put(uint8_t *at, unsigned value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static uint64_t micros(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static unsigned value(const struct end *end, unsigned address, uint64_t time) {
  return with_time && address < TIME_REGISTERS
             ? (unsigned)(time >> 16 * (TIME_REGISTERS - 1 - address)) & 0xffff
             : end->port + address;
}

/* Answers the request; 0 when the client is to be dropped. */
static int answer(const struct end *end, const uint8_t *request) {
  uint8_t out[HEADER + 2 + 2 * MOST_REGISTERS];
  unsigned address = word(request + 8), count = word(request + 10);
  size_t length = HEADER + 2;
  memcpy(out, request, HEADER);
  if (request[7] != 3 || count == 0 || count > MOST_REGISTERS) {
    out[7] = request[7] | 0x80;
    out[8] = request[7] != 3 ? 1 : 3;
  } else {
    out[7] = 3;
    out[8] = (uint8_t)(2 * count);
    uint64_t time = with_time ? micros() : 0;
    for (unsigned i = 0; i < count; i++) {
      put(out + length + 2 * i, value(end, address + i, time));
    }
    length += 2 * count;
  }
  put(out + 4, (unsigned)(length - 6));
  return send(end->fd, out, length, MSG_NOSIGNAL) == (ssize_t)length;
}

/* Reads what is there; 0 when the client is gone or has sent what is no request of twelve bytes. */
static int serve(struct end *end) {
  ssize_t got = recv(end->fd, end->in + end->used, ROOM - end->used, 0);
  if (got <= 0) return 0;
  end->used += (size_t)got;
  size_t at = 0;
  for (; end->used - at >= REQUEST; at += REQUEST) {
    if (word(end->in + at + 2) != 0 || word(end->in + at + 4) != REQUEST - 6) return 0;
    if (!answer(end, end->in + at)) return 0;
  }
  end->used -= at;
  memmove(end->in, end->in + at, end->used);
  return 1;
}

int main(int argc, char **argv) {
  if (argc != 3 && (argc != 4 || strcmp(argv[3], "time") != 0)) {
    fprintf(stderr, "usage: modbus_devices FIRST_PORT COUNT [time]\n");
    return 2;
  }
  with_time = argc == 4;
  int first = atoi(argv[1]), count = atoi(argv[2]);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  poll_fd = epoll_create1(0);
  if (poll_fd < 0) fail("epoll_create1");
  for (int i = 0; i < count; i++) listen_on((uint16_t)(first + i));
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct epoll_event events[256];
    int n = epoll_wait(poll_fd, events, 256, -1);
    if (n < 0 && errno != EINTR) fail("epoll_wait");
    for (int i = 0; i < n; i++) {
      struct end *end = events[i].data.ptr;
      if (end->listens) {
        take(end);
      } else if (!serve(end)) {
        close(end->fd);
        free(end);
      }
    }
  }
}
