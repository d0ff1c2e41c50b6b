/*
 * Modbus units on the far end, RTU or ASCII. Register A of unit U holds (1000 U + A) mod 65536 until
 * it is written; the input register the same with its highest bit turned over; coil A is on when
 * U + A is odd, the discrete input when it is even. There is nothing from 60000 on.
 *
 * A unit answers t3.5 after the last byte of the request, plus its turnaround. An answer can be a
 * lie: told with a probability, chosen from a list.
 */
#include "line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES 60000
#define MOST_PENDING 64
#define MOST_FRAME 600

enum lie {
  LATE, SILENT, UNIT, FUNCTION, SHORT, LONG, TRUNCATED, BEFORE, AFTER, REFUSED_FIRST, CHECKSUM,
  TWICE, GARBAGE, LIES
};
static const char *const names[LIES] = {
  "late", "silent", "unit", "function", "short", "long", "truncated", "before", "after",
  "refused-first", "checksum", "twice", "garbage"
};

struct unit {
  int present;
  uint16_t holding[PLACES];
  uint8_t coil[PLACES / 8];
};

struct pending {
  int64_t begin;
  int count;
  uint8_t bytes[2 * MOST_FRAME];
};

static struct unit *units[248];
static int ascii, diagnostics = 1, in_order;
static int64_t turnaround, late_ns;
static double lie_chance;
static enum lie told[LIES];
static int lies;

static uint8_t in[MOST_FRAME];
static int in_count;
static int64_t in_end;
static int in_broken;
static struct pending pending[MOST_PENDING];
static int64_t free_at; /* end of the last answer, for a unit that does one thing at a time */

static int word_at(const uint8_t *p) { return p[0] << 8 | p[1]; }

static int put_word(uint8_t *p, int value) {
  p[0] = value >> 8;
  p[1] = value;
  return 2;
}

static int crc16(const uint8_t *bytes, int count) {
  int crc = 0xffff;
  for (int i = 0; i < count; i++) {
    crc ^= bytes[i];
    for (int b = 0; b < 8; b++) {
      crc = crc & 1 ? crc >> 1 ^ 0xa001 : crc >> 1;
    }
  }
  return crc;
}

/* ---- what a unit does ---- */

static int refuse(uint8_t *out, int function, int code) {
  out[1] = function | 0x80;
  out[2] = code;
  return 3;
}

static int read_bits(struct unit *u, const uint8_t *q, uint8_t *out) {
  int address = word_at(q + 2), count = word_at(q + 4);
  if (count < 1 || count > 2000) {
    return refuse(out, q[1], 3);
  }
  if (address + count > PLACES) {
    return refuse(out, q[1], 2);
  }
  out[2] = (count + 7) / 8;
  memset(out + 3, 0, out[2]);
  for (int i = 0; i < count; i++) {
    int at = address + i;
    int on = (u->coil[at / 8] >> at % 8 & 1) ^ (q[1] == 2);
    out[3 + i / 8] |= on << i % 8;
  }
  return 3 + out[2];
}

static int read_words(struct unit *u, const uint8_t *q, uint8_t *out) {
  int address = word_at(q + 2), count = word_at(q + 4);
  if (count < 1 || count > 125) {
    return refuse(out, q[1], 3);
  }
  if (address + count > PLACES) {
    return refuse(out, q[1], 2);
  }
  out[2] = 2 * count;
  for (int i = 0; i < count; i++) {
    put_word(out + 3 + 2 * i, u->holding[address + i] ^ (q[1] == 4 ? 0x8000 : 0));
  }
  return 3 + 2 * count;
}

static void set_coil(struct unit *u, int at, int on) {
  u->coil[at / 8] = (u->coil[at / 8] & ~(1 << at % 8)) | on << at % 8;
}

static int write_one(struct unit *u, const uint8_t *q, uint8_t *out) {
  int address = word_at(q + 2), value = word_at(q + 4);
  if (address >= PLACES) {
    return refuse(out, q[1], 2);
  }
  if (q[1] == 5) {
    set_coil(u, address, value == 0xff00);
  } else if (q[1] == 6) {
    u->holding[address] = value;
  } else {
    int with = word_at(q + 6);
    u->holding[address] = (u->holding[address] & value) | (with & ~value);
  }
  int length = q[1] == 22 ? 8 : 6;
  memcpy(out, q, length);
  return length;
}

static int write_many(struct unit *u, const uint8_t *q, int length, uint8_t *out) {
  int address = word_at(q + 2), count = word_at(q + 4), bits = q[1] == 15;
  if (count < 1 || count > (bits ? 1968 : 123) || length != 7 + (bits ? (count + 7) / 8 : 2 * count)) {
    return refuse(out, q[1], 3);
  }
  if (address + count > PLACES) {
    return refuse(out, q[1], 2);
  }
  for (int i = 0; i < count; i++) {
    if (bits) {
      set_coil(u, address + i, q[7 + i / 8] >> i % 8 & 1);
    } else {
      u->holding[address + i] = word_at(q + 7 + 2 * i);
    }
  }
  memcpy(out, q, 6);
  return 6;
}

/* Answers a request without its checksum; gives the length of the answer without its own. */
static int answer(struct unit *u, const uint8_t *q, int length, uint8_t *out) {
  out[0] = q[0];
  out[1] = q[1];
  switch (q[1]) {
    case 1: case 2: return length == 6 ? read_bits(u, q, out) : refuse(out, q[1], 3);
    case 3: case 4: return length == 6 ? read_words(u, q, out) : refuse(out, q[1], 3);
    case 5: case 6: return length == 6 ? write_one(u, q, out) : refuse(out, q[1], 3);
    case 22: return length == 8 ? write_one(u, q, out) : refuse(out, q[1], 3);
    case 15: case 16: return length > 7 ? write_many(u, q, length, out) : refuse(out, q[1], 3);
    case 8:
      if (diagnostics && length == 6 && word_at(q + 2) == 0) {
        memcpy(out, q, 6);
        return 6;
      }
      return refuse(out, q[1], 1);
    default: return refuse(out, q[1], 1);
  }
}

/* ---- frames ---- */

static int frame(const uint8_t *body, int length, int spoil, uint8_t *out) {
  if (!ascii) {
    memcpy(out, body, length);
    int crc = crc16(body, length) ^ (spoil ? 0x0101 : 0);
    out[length] = crc;
    out[length + 1] = crc >> 8;
    return length + 2;
  }
  int sum = spoil ? 1 : 0, at = 0;
  out[at++] = ':';
  for (int i = 0; i <= length; i++) {
    int b = i < length ? body[i] : -sum & 0xff;
    sum += b;
    at += sprintf((char *)out + at, "%02X", b);
  }
  out[at++] = '\r';
  out[at++] = '\n';
  return at;
}

static void schedule(const uint8_t *bytes, int count, int64_t begin) {
  if (in_order && begin < free_at) {
    begin = free_at;
  }
  for (int i = 0; i < MOST_PENDING; i++) {
    if (pending[i].count == 0) {
      pending[i].begin = begin;
      pending[i].count = count;
      memcpy(pending[i].bytes, bytes, count);
      free_at = begin + count * line.character + line.t35;
      return;
    }
  }
  figures.overflows++;
}

static int garbage(uint8_t *out) {
  int count = 1 + (int)(chance() * 12);
  for (int i = 0; i < count; i++) {
    out[i] = chance() * 256;
  }
  return count;
}

static void lie(enum lie kind, uint8_t *body, int length, int64_t begin) {
  uint8_t out[2 * MOST_FRAME];
  int count = 0;
  int words = body[1] == 3 || body[1] == 4;
  figures.lies++;
  switch (kind) {
    case LATE: begin += late_ns; break;
    case SILENT: return;
    case UNIT: body[0] = body[0] % 247 + 1; break;
    case FUNCTION: body[1] ^= 7; break;
    case SHORT: if (words && body[2] > 2) { body[2] -= 2; length -= 2; } break;
    case LONG: if (words) { body[2] += 2; body[length++] = 0x55; body[length++] = 0xaa; } break;
    case BEFORE: count = garbage(out); break;
    case GARBAGE: schedule(out, garbage(out), begin); return;
    case REFUSED_FIRST: {
      uint8_t no[3] = {body[0], body[1] | 0x80, 11};
      schedule(out, frame(no, 3, 0, out), begin);
      begin += late_ns;
      break;
    }
    default: break;
  }
  count += frame(body, length, kind == CHECKSUM, out + count);
  if (kind == TRUNCATED) {
    count = 1 + (int)(chance() * (count - 1));
  } else if (kind == AFTER) {
    count += garbage(out + count);
  }
  schedule(out, count, begin);
  if (kind == TWICE) {
    schedule(out, count, begin + count * line.character + line.t35);
  }
}

static void request(const uint8_t *q, int length, int64_t end) {
  uint8_t body[MOST_FRAME], out[2 * MOST_FRAME];
  if (q[0] > 247) {
    return;
  }
  figures.requests++;
  if (q[0] == 0) {
    for (int i = 1; i <= 247; i++) {
      if (units[i] != NULL && units[i]->present) {
        answer(units[i], q, length, body);
      }
    }
    return;
  }
  struct unit *u = units[q[0]];
  if (u == NULL || !u->present) {
    return;
  }
  int count = answer(u, q, length, body);
  int64_t begin = end + line.t35 + turnaround;
  figures.answered++;
  if (lies > 0 && chance() < lie_chance) {
    lie(told[(int)(chance() * lies)], body, count, begin);
  } else {
    schedule(out, frame(body, count, 0, out), begin);
  }
}

static void rtu_frame(void) {
  if (!in_broken && in_count >= 4
      && crc16(in, in_count - 2) == (in[in_count - 2] | in[in_count - 1] << 8)) {
    request(in, in_count - 2, in_end);
  }
  in_count = in_broken = 0;
}

static int digit(int c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 55 : -1; }

static void ascii_frame(void) {
  uint8_t body[MOST_FRAME];
  int count = 0, sum = 0;
  for (int i = 1; i + 1 < in_count - 2; i += 2) {
    int high = digit(in[i]), low = digit(in[i + 1]);
    if (high < 0 || low < 0) {
      return;
    }
    body[count++] = high << 4 | low;
    sum += body[count - 1];
  }
  if (count >= 3 && (sum & 0xff) == 0) {
    request(body, count - 1, in_end);
  }
}

void units_byte(uint8_t byte, int64_t begin, int64_t end) {
  if (ascii && byte == ':') {
    in_count = 0;
  } else if (!ascii && in_count > 0 && begin - in_end > line.t15) {
    in_broken = 1; /* a silence inside a frame ends it, section 2.5.1.1 */
  }
  if (in_count < MOST_FRAME) {
    in[in_count++] = byte;
  }
  in_end = end;
  if (ascii && byte == '\n' && in_count > 4 && in[0] == ':') {
    ascii_frame();
    in_count = 0;
  }
}

int64_t units_next(void) {
  int64_t next = !ascii && in_count > 0 ? in_end + line.t35 - 20000 : NEVER;
  for (int i = 0; i < MOST_PENDING; i++) {
    if (pending[i].count > 0 && pending[i].begin < next) {
      next = pending[i].begin;
    }
  }
  return next;
}

void units_run(int64_t now) {
  /* A little early, so that the answer begins on time. */
  if (!ascii && in_count > 0 && now >= in_end + line.t35 - 20000) {
    rtu_frame();
  }
  for (int i = 0; i < MOST_PENDING; i++) {
    if (pending[i].count > 0 && pending[i].begin <= now) {
      send_bytes(FAR, pending[i].bytes, pending[i].count, pending[i].begin);
      pending[i].count = 0;
    }
  }
}

/* ---- commands ---- */

static int add_unit(int number) {
  if (number < 1 || number > 247) {
    return -1;
  }
  struct unit *u = units[number];
  if (u == NULL) {
    u = units[number] = calloc(1, sizeof *u);
    for (int a = 0; u != NULL && a < PLACES; a++) {
      u->holding[a] = 1000 * number + a;
      set_coil(u, a, (number + a) & 1);
    }
  }
  if (u == NULL) {
    return -1;
  }
  u->present = 1;
  return 1;
}

static int choose_lies(int words, char **word) {
  lies = 0;
  lie_chance = atof(word[1]);
  for (int i = 2; i < words; i++) {
    int kind = 0;
    while (kind < LIES && strcmp(names[kind], word[i]) != 0) {
      kind++;
    }
    if (kind == LIES || lies == LIES) {
      return -1;
    }
    told[lies++] = kind;
  }
  return 1;
}

int units_command(int words, char **word) {
  const char *name = word[0];
  int number = words > 1 ? atoi(word[1]) : 0;
  if (strcmp(name, "unit") == 0 && words == 2) {
    return add_unit(number);
  }
  if (strcmp(name, "mute") == 0 && words == 2) {
    if (number < 1 || number > 247 || units[number] == NULL) {
      return -1;
    }
    units[number]->present = 0;
  } else if (strcmp(name, "holding") == 0 && words == 4) {
    int at = atoi(word[2]);
    if (number < 1 || number > 247 || units[number] == NULL || at < 0 || at >= PLACES) {
      return -1;
    }
    units[number]->holding[at] = atoi(word[3]);
  } else if (strcmp(name, "ascii") == 0 && words == 2) {
    ascii = number;
  } else if (strcmp(name, "turnaround") == 0 && words == 2) {
    turnaround = atoll(word[1]);
  } else if (strcmp(name, "late") == 0 && words == 2) {
    late_ns = atoll(word[1]);
  } else if (strcmp(name, "inorder") == 0 && words == 2) {
    in_order = number;
  } else if (strcmp(name, "diagnostics") == 0 && words == 2) {
    diagnostics = number;
  } else if (strcmp(name, "lies") == 0 && words >= 2) {
    return choose_lies(words, word);
  } else {
    return 0;
  }
  return 1;
}
