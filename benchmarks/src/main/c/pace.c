/* Writes COUNT lines of BYTES characters to standard output at RATE lines a second, in bursts of 5 ms.
 * For mosquitto_pub -l. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int put(const char *from, size_t bytes) {
  while (bytes > 0) {
    ssize_t done = write(1, from, bytes);
    if (done <= 0) {
      return -1;
    }
    from += done;
    bytes -= (size_t) done;
  }
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: pace COUNT RATE BYTES\n");
    return 2;
  }
  long count = atol(argv[1]);
  double rate = atof(argv[2]);
  size_t bytes = (size_t) atol(argv[3]);
  char *line = malloc(bytes + 1);
  if (line == NULL || rate <= 0) {
    return 2;
  }
  memset(line, 'x', bytes);
  line[bytes] = '\n';
  struct timespec next;
  clock_gettime(CLOCK_MONOTONIC, &next);
  double owed = 0;
  for (long sent = 0; sent < count;) {
    owed += rate * 0.005;
    while (owed >= 1 && sent < count) {
      if (put(line, bytes + 1) != 0) {
        return 1;
      }
      owed -= 1;
      sent++;
    }
    next.tv_nsec += 5000000;
    if (next.tv_nsec >= 1000000000) {
      next.tv_nsec -= 1000000000;
      next.tv_sec++;
    }
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
  }
  return 0;
}
