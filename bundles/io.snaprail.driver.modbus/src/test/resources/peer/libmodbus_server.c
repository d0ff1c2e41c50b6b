/*
 * A libmodbus server whose registers hold values that libmodbus packed.
 *
 * Arguments: "tcp", or "rtu" and a terminal. Prints "value <address> <type> <order> <value>" for each, of floats
 * the hexadecimal digits of their bits, "bit <address> <value>", then "port <n>" (0 on a line). Answers "<table> <first> <count>" on
 * standard input with what it holds. Ends with its standard input.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

enum { UNIT = 17, SIZE = 10000, BITS = 40 };

static modbus_t *context;
static modbus_mapping_t *map;
static int next;

static void put_word(int value, int is_signed) {
  map->tab_registers[next] = (uint16_t)value;
  printf("value %d %s AB %d\n", next, is_signed ? "int16" : "uint16", value);
  next += 1;
}

static void put_32(int64_t value, int is_signed) {
  MODBUS_SET_INT32_TO_INT16(map->tab_registers, next, (int32_t)(uint32_t)value);
  printf("value %d %s ABCD %" PRId64 "\n", next, is_signed ? "int32" : "uint32", value);
  next += 2;
}

static void put_64(int64_t value) {
  MODBUS_SET_INT64_TO_INT16(map->tab_registers, next, value);
  printf("value %d int64 ABCDEFGH %" PRId64 "\n", next, value);
  next += 4;
}

/*
 * libmodbus 3.1 names its orders after bytes in the memory of the host, which on a little-endian one are not those
 * on the line. So the letters are found out: a float that is made of them is packed.
 */
static void order_of(void (*pack)(float, uint16_t *), char *order) {
  const uint32_t letters = 0x41424344;
  float value;
  uint16_t words[2];
  memcpy(&value, &letters, sizeof value);
  pack(value, words);
  snprintf(order, 5, "%c%c%c%c", words[0] >> 8, words[0] & 0xff, words[1] >> 8, words[1] & 0xff);
}

static void put_float(float value, void (*pack)(float, uint16_t *)) {
  uint32_t bits;
  char order[5];
  memcpy(&bits, &value, sizeof bits);
  order_of(pack, order);
  pack(value, map->tab_registers + next);
  printf("value %d float32 %s %08" PRIx32 "\n", next, order, bits);
  next += 2;
}

static void fill(void) {
  static const float floats[] = {0.0f, -0.0f, 1.5f, -123.456f, 3.4028235e38f, 1e-45f, 1e-20f};
  static const int64_t whole[] = {INT64_MIN, INT64_MAX, 0, -1, 81985529216486895LL};
  put_word(-32768, 1);
  put_word(32767, 1);
  put_word(-1, 1);
  put_word(0, 0);
  put_word(65535, 0);
  put_word(258, 0);
  put_32(INT32_MIN, 1);
  put_32(INT32_MAX, 1);
  put_32(-2, 1);
  put_32(UINT32_MAX, 0);
  put_32(305419896, 0);
  for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) put_64(whole[i]);
  for (size_t i = 0; i < sizeof floats / sizeof *floats; i++) {
    put_float(floats[i], modbus_set_float_abcd);
    put_float(floats[i], modbus_set_float_cdab);
    put_float(floats[i], modbus_set_float_badc);
    put_float(floats[i], modbus_set_float_dcba);
  }
  memcpy(map->tab_input_registers, map->tab_registers, sizeof(uint16_t) * (size_t)next);
  for (int i = 0; i < BITS; i++) {
    map->tab_bits[i] = map->tab_input_bits[i] = (uint8_t)(i * i % 3 == 1);
    printf("bit %d %d\n", i, map->tab_bits[i]);
  }
}

static int held(const char *table, int place) {
  switch (table[0]) {
    case 'c': return map->tab_bits[place];
    case 'd': return map->tab_input_bits[place];
    case 'i': return map->tab_input_registers[place];
    default: return map->tab_registers[place];
  }
}

/* Standard input is read as it comes: what stdio buffers, select() does not see. */
static void tell(void) {
  char line[100];
  size_t length = 0;
  do {
    if (length == sizeof line - 1 || read(0, line + length, 1) != 1) exit(0);
  } while (line[length++] != '\n');
  line[length] = 0;
  char table[20];
  int first, count;
  if (sscanf(line, "%19s %d %d", table, &first, &count) != 3) exit(2);
  printf("held");
  for (int i = 0; i < count; i++) printf(" %d", held(table, first + i));
  printf("\n");
  fflush(stdout);
}

/* Whether the client is still there. */
static int serve(int from) {
  uint8_t query[MODBUS_MAX_ADU_LENGTH];
  modbus_set_socket(context, from);
  int length = modbus_receive(context, query);
  if (length > 0) modbus_reply(context, query, length, map);
  return length >= 0;
}

int main(int count, char **arguments) {
  int tcp = count == 2 && !strcmp(arguments[1], "tcp");
  if (!tcp && (count != 3 || strcmp(arguments[1], "rtu"))) return 2;
  map = modbus_mapping_new(SIZE, SIZE, SIZE, SIZE);
  if (!map) return 1;
  fill();

  int port = 0, listening = -1;
  fd_set open;
  FD_ZERO(&open);
  FD_SET(0, &open);
  context = tcp ? modbus_new_tcp("127.0.0.1", 0) : modbus_new_rtu(arguments[2], 115200, 'N', 8, 1);
  if (!context || modbus_set_slave(context, UNIT)) return 1;
  if (tcp) {
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    listening = modbus_tcp_listen(context, 8);
    if (listening < 0 || getsockname(listening, (struct sockaddr *)&address, &size)) return 1;
    port = ntohs(address.sin_port);
    FD_SET(listening, &open);
  } else {
    if (modbus_connect(context)) return 1;
    FD_SET(modbus_get_socket(context), &open);
  }
  printf("port %d\n", port);
  fflush(stdout);

  for (;;) {
    fd_set ready = open;
    if (select(FD_SETSIZE, &ready, NULL, NULL, NULL) < 0) return 1;
    for (int i = 0; i < FD_SETSIZE; i++) {
      if (!FD_ISSET(i, &ready)) continue;
      if (i == 0) {
        tell();
      } else if (i == listening) {
        int client = accept(listening, NULL, NULL);
        if (client >= 0) FD_SET(client, &open);
      } else if (!serve(i) && tcp) {
        FD_CLR(i, &open);
        close(i);
      }
    }
  }
}
