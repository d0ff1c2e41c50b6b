/*
 * Two pseudo-terminals and a line between them: what one end sends reaches the other byte by byte,
 * each when its last bit would have come at the baud rate. Commands come on standard input, one a
 * line, each answered by a line that begins with "ok" or "error". Ends with its input.
 */
#define _GNU_SOURCE
#include "line.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define SPIN_NS 150000      /* a sleep may end so much too late */
#define LONGEST_STALL_MS 1000
#define COARSE_NS 1000000   /* step in which bytes arrive on a line that need not be exact */
#define IDLE_NS 100000000   /* longest sleep */
#define LOOK_NS 1000000     /* how often commands are looked for while the line is busy */
#define MOST_INTERVALS (int)(sizeof figures.intervals / sizeof figures.intervals[0])
#define LATENCY_PACKET 62   /* bytes with which an adapter does not wait for its timer */

struct byte {
  uint8_t value;
  uint8_t garbled;
  int64_t begin, end;
  long long frame;
};

struct end {
  int pty;            /* our side; -1 while it is away */
  int tty;            /* kept open, so that nobody's closing hangs it up */
  char path[64];
  struct byte queue[MOST_BYTES]; /* what it has sent and has not arrived */
  unsigned head, tail;
  int64_t free;       /* end of its last byte on the line */
  double flip, drop, twice; /* what happens to what it sends, each per byte */
  int64_t delay;      /* of its next frames */
  int delayed;        /* how many more frames */
};

struct line line;
struct figures figures;
static struct end ends[2];
static int spin, echo, coarse;
static int64_t latency, tick; /* of the master's adapter; 0 for none */
static uint8_t held[4096];
static int holding;
static uint64_t seed = 88172645463325252ULL;

int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

double chance(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (double)(seed >> 11) / 9007199254740992.0;
}

static void set_line(double baud, double bits) {
  line.character = (int64_t)(bits * 1e9 / baud + 0.5);
  line.t15 = baud > 19200 ? 750000 : line.character * 3 / 2;
  line.t35 = baud > 19200 ? 1750000 : line.character * 7 / 2;
}

/* ---- the line ---- */

static void enqueue(struct end *from, uint8_t value, int64_t begin) {
  if (from->tail - from->head >= MOST_BYTES) {
    figures.overflows++;
    return;
  }
  struct byte *b = &from->queue[from->tail++ % MOST_BYTES];
  *b = (struct byte){value, 0, begin, begin + line.character, talked_frame};
  from->free = b->end;
  struct end *other = &ends[from == &ends[MASTER] ? FAR : MASTER];
  for (unsigned i = other->head; i != other->tail; i++) {
    struct byte *o = &other->queue[i % MOST_BYTES];
    if (o->begin < b->end && b->begin < o->end) {
      /* Two transmitters at once: neither is understood. */
      if (!b->garbled && !o->garbled) {
        figures.collisions++;
      }
      b->garbled = o->garbled = 1;
    }
  }
}

int room(int end) { return MOST_BYTES - (int)(ends[end].tail - ends[end].head); }

static void count_frame(int64_t begin) {
  int64_t before = ends[MASTER].free > ends[FAR].free ? ends[MASTER].free : ends[FAR].free;
  if (begin - ends[MASTER].free <= line.t15 && ends[MASTER].free >= ends[FAR].free) {
    return; /* the frame goes on */
  }
  if (figures.frames++ == 0) {
    figures.first = begin;
  } else {
    figures.intervals[(figures.frames - 2) % MOST_INTERVALS] = begin - figures.last;
  }
  figures.last = begin;
  if (before > 0) {
    int64_t silence = begin - before;
    if (silence < figures.shortest) {
      figures.shortest = silence;
    }
    if (silence < line.t35) {
      figures.illegal++;
    }
  }
}

void send_bytes(int end, const uint8_t *bytes, int count, int64_t not_before) {
  struct end *from = &ends[end];
  int64_t begin = from->free > not_before ? from->free : not_before;
  if (begin > from->free) {
    if (end == MASTER) {
      count_frame(begin);
    } else if (from->delayed > 0) {
      from->delayed--;
      begin += from->delay;
    }
  }
  for (int i = 0; i < count; i++, begin += line.character) {
    enqueue(from, bytes[i], begin);
  }
  figures.bytes[end] += count;
  figures.busy += count * line.character;
}

static void put(int end, const uint8_t *bytes, int count) {
  if (coarse && ends[end].pty >= 0) {
    /* Whoever reads slowly slows the line down, and loses nothing. */
    struct pollfd room = {ends[end].pty, POLLOUT, 0};
    poll(&room, 1, LONGEST_STALL_MS);
  }
  if (ends[end].pty >= 0 && write(ends[end].pty, bytes, count) != count) {
    figures.overflows++;
  }
}

static void flush_held(int64_t now) {
  put(MASTER, held, holding);
  holding = 0;
  tick = now + latency;
}

static void receive(int end, uint8_t value, int64_t now) {
  if (end == MASTER && latency > 0) {
    held[holding++] = value;
    if (holding >= LATENCY_PACKET) {
      flush_held(now);
    }
  } else {
    put(end, &value, 1);
  }
}

static void arrive(int from, struct byte *b, int64_t now) {
  struct end *sender = &ends[from];
  int to = from == MASTER ? FAR : MASTER;
  uint8_t value = b->garbled ? b->value ^ (uint8_t)(1 + chance() * 255) : b->value;
  if (sender->flip > 0 && chance() < sender->flip) {
    figures.flipped++;
    value ^= 1 << (int)(chance() * 8);
  }
  int copies = 1, intact = value == b->value;
  if (sender->drop > 0 && chance() < sender->drop) {
    figures.dropped++;
    copies = 0;
  } else if (sender->twice > 0 && chance() < sender->twice) {
    figures.doubled++;
    copies = 2;
  }
  if (b->frame > 0 && (copies != 1 || !intact)) {
    talk_hit(b->frame - 1);
  }
  for (; copies > 0; copies--) {
    receive(to, value, now);
    if (from == MASTER) {
      units_byte(value, b->begin, b->end);
    }
  }
  if (from == MASTER && echo) {
    receive(MASTER, b->value, now);
  }
}

static void deliver(int from, int64_t now) {
  struct end *e = &ends[from];
  while (e->head != e->tail && e->queue[e->head % MOST_BYTES].end <= now) {
    arrive(from, &e->queue[e->head++ % MOST_BYTES], now);
  }
}

static int64_t next_event(void) {
  int64_t next = units_next();
  if (talk_next() < next) {
    next = talk_next();
  }
  for (int i = 0; i < 2; i++) {
    struct end *e = &ends[i];
    if (e->head != e->tail && e->queue[e->head % MOST_BYTES].end < next) {
      next = e->queue[e->head % MOST_BYTES].end;
    }
  }
  return holding > 0 && tick < next ? tick : next;
}

/* ---- the terminals ---- */

static int open_end(struct end *e) {
  struct termios raw;
  memset(&raw, 0, sizeof raw);
  cfmakeraw(&raw);
  raw.c_cflag |= CREAD | CLOCAL;
  if (openpty(&e->pty, &e->tty, e->path, &raw, NULL) != 0) {
    return -1;
  }
  fcntl(e->pty, F_SETFL, O_NONBLOCK);
  e->head = e->tail = 0;
  return 0;
}

static void close_end(struct end *e) {
  if (e->pty >= 0) {
    close(e->pty);
    close(e->tty);
    e->pty = e->tty = -1;
  }
}

static int take(int end) {
  uint8_t in[4096];
  if (ends[end].pty < 0) {
    return 0;
  }
  int count = read(ends[end].pty, in, sizeof in);
  if (count > 0) {
    send_bytes(end, in, count, now_ns());
  }
  return count > 0;
}

/* ---- commands ---- */

static int side(const char *name) {
  return strcmp(name, "master") == 0 ? MASTER : strcmp(name, "far") == 0 ? FAR : -1;
}

static int by_length(const void *a, const void *b) {
  int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
  return (one > other) - (one < other);
}

static int64_t median(void) {
  static int64_t sorted[MOST_INTERVALS];
  int count = figures.frames - 1 < MOST_INTERVALS ? figures.frames - 1 : MOST_INTERVALS;
  if (count < 1) {
    return 0;
  }
  memcpy(sorted, figures.intervals, count * sizeof sorted[0]);
  qsort(sorted, count, sizeof sorted[0], by_length);
  return sorted[count / 2];
}

static void print_figures(void) {
  printf("ok frames=%lld illegal=%lld shortest=%lld first=%lld last=%lld busy=%lld sent=%lld"
         " answered_bytes=%lld flipped=%lld dropped=%lld doubled=%lld collisions=%lld"
         " overflows=%lld talked=%lld answered=%lld lies=%lld requests=%lld median=%lld\n",
         figures.frames, figures.illegal, (long long)figures.shortest, (long long)figures.first,
         (long long)figures.last, (long long)figures.busy, figures.bytes[MASTER],
         figures.bytes[FAR], figures.flipped, figures.dropped, figures.doubled,
         figures.collisions, figures.overflows, figures.talked, figures.answered, figures.lies, figures.requests,
         (long long)median());
}

static void reset_figures(void) {
  memset(&figures, 0, sizeof figures);
  figures.shortest = NEVER;
}

static int realtime(void) {
  struct sched_param p = {.sched_priority = 10};
  return sched_setscheduler(0, SCHED_FIFO, &p);
}

static int come_back(int elsewhere) {
  struct end guard = {.pty = -1, .tty = -1};
  if (ends[MASTER].pty >= 0 || (elsewhere && open_end(&guard) != 0)) {
    return -1;
  }
  int opened = open_end(&ends[MASTER]);
  close_end(&guard);
  return opened;
}

static int command(int words, char **word) {
  const char *name = word[0];
  int end = words > 1 ? side(word[1]) : -1;
  if (strcmp(name, "line") == 0 && words == 3) {
    set_line(atof(word[1]), atof(word[2]));
  } else if (strcmp(name, "faults") == 0 && words == 5 && end >= 0) {
    ends[end].flip = atof(word[2]);
    ends[end].drop = atof(word[3]);
    ends[end].twice = atof(word[4]);
  } else if (strcmp(name, "delay") == 0 && words == 4 && end >= 0) {
    ends[end].delay = atoll(word[2]);
    ends[end].delayed = atoi(word[3]);
  } else if (strcmp(name, "echo") == 0 && words == 2) {
    echo = atoi(word[1]);
  } else if (strcmp(name, "spin") == 0 && words == 2) {
    spin = atoi(word[1]);
  } else if (strcmp(name, "coarse") == 0 && words == 2) {
    coarse = atoi(word[1]);
  } else if (strcmp(name, "realtime") == 0 && words == 1) {
    return realtime() == 0 ? 1 : -1;
  } else if (strcmp(name, "latency") == 0 && words == 2) {
    latency = atoll(word[1]);
    flush_held(now_ns());
  } else if (strcmp(name, "seed") == 0 && words == 2) {
    seed = strtoull(word[1], NULL, 10) * 2654435769ULL + 1;
  } else if (strcmp(name, "vanish") == 0 && words == 1) {
    close_end(&ends[MASTER]);
    holding = 0;
  } else if (strcmp(name, "return") == 0 && words == 2) {
    if (come_back(strcmp(word[1], "elsewhere") == 0) != 0) {
      return -1;
    }
    printf("ok %s\n", ends[MASTER].path);
    return 2;
  } else if (strcmp(name, "figures") == 0 && words == 1) {
    print_figures();
    return 2;
  } else if (strcmp(name, "reset") == 0 && words == 1) {
    reset_figures();
  } else {
    int done = talk_command(words, word);
    return done != 0 ? done : units_command(words, word);
  }
  return 1;
}

static void run_command(char *text) {
  char *word[300];
  int words = 0;
  for (char *w = strtok(text, " "); w != NULL && words < 300; w = strtok(NULL, " ")) {
    word[words++] = w;
  }
  int result = words == 0 ? 0 : command(words, word);
  if (result == 1) {
    puts("ok");
  } else if (result <= 0) {
    printf("error %s\n", words == 0 ? "nothing said" : word[0]);
  }
  fflush(stdout);
}

static void read_commands(void) {
  static char text[8192];
  static int length;
  int count = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
  if (count == 0) {
    exit(0);
  }
  if (count < 0) {
    return;
  }
  length += count;
  char *stop;
  while ((stop = memchr(text, '\n', length)) != NULL) {
    *stop = 0;
    int used = stop - text + 1;
    run_command(text);
    memmove(text, stop + 1, length - used);
    length -= used;
  }
}

/* ---- the loop ---- */

static void sleep_until(int64_t wake, int64_t now) {
  struct pollfd fds[3] = {{ends[MASTER].pty, POLLIN, 0}, {ends[FAR].pty, POLLIN, 0}, {0, POLLIN, 0}};
  int64_t wait = wake - now;
  if (wait > IDLE_NS) {
    wait = IDLE_NS;
  }
  struct timespec t = {0, wait};
  ppoll(fds, 3, &t, NULL);
}

int main(void) {
  prctl(PR_SET_TIMERSLACK, 1);
  set_line(9600, 11);
  reset_figures();
  if (open_end(&ends[MASTER]) != 0 || open_end(&ends[FAR]) != 0) {
    perror("openpty");
    return 1;
  }
  fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
  printf("ok %s %s\n", ends[MASTER].path, ends[FAR].path);
  fflush(stdout);
  int64_t looked = 0;
  for (;;) {
    int64_t now = now_ns();
    if (now - looked > LOOK_NS) {
      read_commands();
      looked = now;
      /* A program that has left the exclusive flag set must not keep the next one out. */
      for (int i = 0; i < 2 && !spin; i++) {
        if (ends[i].pty >= 0) {
          ioctl(ends[i].tty, TIOCNXCL);
        }
      }
    }
    deliver(MASTER, now);
    units_run(now);
    talk_run(now);
    deliver(FAR, now);
    while (latency > 0 && tick <= now) {
      int64_t due = tick;
      flush_held(now);
      tick = due + latency;
    }
    int came = take(MASTER) | take(FAR);
    int64_t wake = next_event() - (coarse ? 0 : SPIN_NS);
    if (coarse && wake < now + COARSE_NS) {
      wake = now + COARSE_NS;
    }
    if (!came && !spin && wake > now) {
      sleep_until(wake, now);
      looked = 0;
    }
  }
}
