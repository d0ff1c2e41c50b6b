/*
 * Reads ten holding registers with libmodbus, one read after another on one connection.
 *
 * Arguments: a port of this host and for how many milliseconds. Prints how many reads there were in a second.
 */
#include <errno.h>
#include <modbus.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { REGISTERS = 10 };

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  modbus_t *context = modbus_new_tcp("127.0.0.1", atoi(arguments[1]));
  if (!context || modbus_set_slave(context, 1) || modbus_connect(context)) return 1;
  double begin = now(), end = begin + atoi(arguments[2]) / 1e3;
  long reads = 0;
  uint16_t words[REGISTERS];
  for (; now() < end; reads++) {
    if (modbus_read_registers(context, 0, REGISTERS, words) != REGISTERS || words[9] != 9) {
      fprintf(stderr, "%s\n", modbus_strerror(errno));
      return 1;
    }
  }
  printf("%.1f\n", (double)reads / (now() - begin));
  modbus_close(context);
  modbus_free(context);
  return 0;
}
