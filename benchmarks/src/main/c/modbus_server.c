/*
 * A Modbus TCP server that costs next to nothing: function 3 only, each register holds its address, any number of
 * connections, and any number of requests before it at once.
 *
 * Argument: after how many microseconds it answers each request; 0: at once. Prints "port <n>". Ends with its standard
 * input.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { HEADER = 7, REQUEST = 12, LONGEST = 260, WAITING = 4096, EVENTS = 64 };

/* Never given back, as an answer may wait for it yet. */
struct client {
  int fd;
  size_t length;
  uint8_t bytes[4096];
};

struct answer {
  struct client *to;
  uint64_t due;
  size_t length;
  uint8_t bytes[LONGEST];
};

static struct answer waiting[WAITING];
static unsigned first, behind;
static uint64_t delay;
static int polled, timer;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void watch(int fd, void *what) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = what}};
  if (epoll_ctl(polled, EPOLL_CTL_ADD, fd, &event)) fail("epoll_ctl");
}

static void transmit(const struct answer *answer) {
  if (answer->to->fd < 0) return;
  ssize_t sent = send(answer->to->fd, answer->bytes, answer->length, MSG_NOSIGNAL);
  if (sent >= 0 && (size_t)sent != answer->length) fail("send");
}

static void set_timer(void) {
  struct itimerspec at = {0};
  if (first != behind) {
    uint64_t due = waiting[first % WAITING].due;
    at.it_value.tv_sec = (time_t)(due / 1000000000u);
    at.it_value.tv_nsec = (long)(due % 1000000000u);
  }
  if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL)) fail("timerfd_settime");
}

static void send_due(void) {
  uint64_t expired;
  if (read(timer, &expired, sizeof expired) < 0) return;
  for (; first != behind && waiting[first % WAITING].due <= now(); first++) transmit(&waiting[first % WAITING]);
  set_timer();
}

static void answer(struct client *client, const uint8_t *request) {
  unsigned from = request[8] << 8 | request[9], count = request[10] << 8 | request[11];
  struct answer made = {.to = client, .due = now() + delay};
  memcpy(made.bytes, request, 8);
  if (request[HEADER] != 3 || count < 1 || count > 125) {
    made.bytes[HEADER] |= 0x80;
    made.bytes[8] = 1;
    made.length = 9;
  } else {
    made.bytes[8] = (uint8_t)(2 * count);
    made.length = 9 + 2 * count;
    for (unsigned i = 0; i < count; i++) {
      made.bytes[9 + 2 * i] = (uint8_t)((from + i) >> 8);
      made.bytes[10 + 2 * i] = (uint8_t)(from + i);
    }
  }
  made.bytes[4] = 0;
  made.bytes[5] = (uint8_t)(made.length - 6);
  if (delay == 0) {
    transmit(&made);
  } else if (behind - first == WAITING) {
    fail("more requests than there is room for");
  } else {
    waiting[behind++ % WAITING] = made;
    if (behind - first == 1) set_timer();
  }
}

static void leave(struct client *client) {
  close(client->fd);
  client->fd = -1;
}

static void receive(struct client *client) {
  ssize_t count = recv(client->fd, client->bytes + client->length, sizeof client->bytes - client->length, 0);
  if (count <= 0) {
    leave(client);
    return;
  }
  client->length += (size_t)count;
  size_t at = 0;
  for (; client->length - at >= REQUEST; at += REQUEST) {
    if (client->bytes[at + 4] != 0 || client->bytes[at + 5] != REQUEST - 6) {
      fprintf(stderr, "not a read\n");
      leave(client);
      return;
    }
    answer(client, client->bytes + at);
  }
  memmove(client->bytes, client->bytes + at, client->length - at);
  client->length -= at;
}

static void take(int listening) {
  int one = 1;
  struct client *client = calloc(1, sizeof *client);
  if (!client || (client->fd = accept(listening, NULL, NULL)) < 0) fail("accept");
  setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  watch(client->fd, client);
}

int main(int count, char **arguments) {
  if (count != 2) return 2;
  delay = strtoull(arguments[1], NULL, 10) * 1000u;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  int listening = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listening, (struct sockaddr *)&address, size) || listen(listening, 16)) fail("listen");
  if (getsockname(listening, (struct sockaddr *)&address, &size)) fail("getsockname");
  polled = epoll_create1(0);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  static int input = 0;
  watch(input, &input);
  watch(listening, &listening);
  watch(timer, &timer);
  printf("port %d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(polled, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      void *what = events[i].data.ptr;
      if (what == &input) return 0;
      if (what == &listening) {
        take(listening);
      } else if (what == &timer) {
        send_due();
      } else {
        receive(what);
      }
    }
  }
}
