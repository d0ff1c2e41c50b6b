/*
 * A far end that talks by itself: numbered frames, at a period or without any pause.
 *
 * As a line: '$', eight digits of the number, ',', characters from ' ' to '}' made of the number,
 * '*', the checksum over what stands between '$' and '*' in hexadecimal digits, CR LF. As bytes:
 * 0xA5, the length of the whole, the number (4 bytes, big-endian), bytes made of the number, the
 * checksum over all before it, big-endian.
 */
#include "line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_FRAME 256
#define MOST_FRAMES 4000000
#define AHEAD_NS 3000000

long long talked_frame;

static int talking, bytes_form, length, sum_bits;
static char sum_name[16];
static int64_t period, next_begin;
static long long number, last;
static uint8_t hit[MOST_FRAMES / 8];

static uint32_t filler(uint32_t n, uint32_t i) {
  uint32_t x = n * 2654435761u + i * 40503u + 12345u;
  x ^= x >> 13;
  x *= 1274126177u;
  return x ^ x >> 16;
}

static uint32_t crc(const uint8_t *bytes, int count, uint32_t polynomial, uint32_t value) {
  for (int i = 0; i < count; i++) {
    value ^= bytes[i];
    for (int b = 0; b < 8; b++) {
      value = value & 1 ? value >> 1 ^ polynomial : value >> 1;
    }
  }
  return value;
}

static uint32_t sum(const uint8_t *bytes, int count) {
  uint32_t value = 0;
  if (strcmp(sum_name, "crc16-modbus") == 0) {
    return crc(bytes, count, 0xa001, 0xffff);
  }
  if (strcmp(sum_name, "crc32") == 0) {
    return ~crc(bytes, count, 0xedb88320u, 0xffffffffu);
  }
  if (strcmp(sum_name, "crc8-maxim") == 0) {
    return crc(bytes, count, 0x8c, 0);
  }
  for (int i = 0; i < count; i++) {
    value = strcmp(sum_name, "xor") == 0 ? value ^ bytes[i] : value + bytes[i];
  }
  return value & 0xff;
}

static int as_line(uint8_t *out) {
  int digits = sum_bits / 4, at = sprintf((char *)out, "$%08lld,", number);
  while (at < length - 3 - digits) {
    out[at] = ' ' + filler(number, at) % 94;
    if (out[at] == '$' || out[at] == '*') {
      out[at] = '0';
    }
    at++;
  }
  uint32_t value = sum(out + 1, at - 1);
  return at + sprintf((char *)out + at, "*%0*X\r\n", digits, value);
}

static int as_bytes(uint8_t *out) {
  int at = 0;
  out[at++] = 0xa5;
  out[at++] = length;
  for (int i = 3; i >= 0; i--) {
    out[at++] = number >> 8 * i;
  }
  while (at < length - sum_bits / 8) {
    out[at] = filler(number, at);
    at++;
  }
  uint32_t value = sum(out, at);
  for (int i = sum_bits / 8 - 1; i >= 0; i--) {
    out[at++] = value >> 8 * i;
  }
  return at;
}

int64_t talk_next(void) { return talking ? next_begin - AHEAD_NS : NEVER; }

void talk_run(int64_t now) {
  while (talking && now >= next_begin - AHEAD_NS && room(FAR) >= MOST_FRAME) {
    uint8_t out[MOST_FRAME];
    int count = bytes_form ? as_bytes(out) : as_line(out);
    talked_frame = number + 1;
    send_bytes(FAR, out, count, next_begin);
    talked_frame = 0;
    figures.talked++;
    int64_t whole = count * line.character;
    next_begin += period > whole ? period : whole;
    talking = ++number < last;
  }
}

void talk_hit(long long frame) {
  if (frame < MOST_FRAMES) {
    hit[frame / 8] |= 1 << frame % 8;
  }
}

static int start(char **word) {
  int least = strcmp(word[1], "bytes") == 0 ? 12 : 24;
  bytes_form = least == 12;
  length = atoi(word[2]);
  snprintf(sum_name, sizeof sum_name, "%s", word[3]);
  sum_bits = strcmp(sum_name, "crc32") == 0 ? 32 : strcmp(sum_name, "crc16-modbus") == 0 ? 16 : 8;
  period = atoll(word[4]);
  last = number + atoll(word[5]);
  if (length < least || length >= MOST_FRAME || last > MOST_FRAMES) {
    return -1;
  }
  next_begin = now_ns() + 2 * AHEAD_NS;
  talking = number < last;
  return 1;
}

int talk_command(int words, char **word) {
  if (strcmp(word[0], "talk") == 0 && words == 6) {
    return start(word);
  }
  if (strcmp(word[0], "hush") == 0 && words == 1) {
    talking = 0;
    return 1;
  }
  if (strcmp(word[0], "hit") == 0 && words == 1) {
    printf("ok");
    for (long long i = 0; i < number; i++) {
      if (hit[i / 8] >> i % 8 & 1) {
        printf(" %lld", i);
      }
    }
    putchar('\n');
    return 2;
  }
  return 0;
}
