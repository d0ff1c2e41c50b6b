/* The line simulator: what its parts know of each other. Times are CLOCK_MONOTONIC in ns. */
#ifndef SNAPRAIL_LINE_H
#define SNAPRAIL_LINE_H

#include <stdint.h>

#define MOST_BYTES 8192 /* on the line in one direction; a power of two */
#define NEVER INT64_MAX

enum { MASTER, FAR }; /* the two ends */

/* How the line is. */
struct line {
  int64_t character; /* ns */
  int64_t t15, t35;  /* ns, Modbus over Serial Line V1.02, section 2.5.1.1 */
};
extern struct line line;

/* What became of it; all reset together. */
struct figures {
  long long frames;        /* of the master */
  long long illegal;       /* of them, after a silence shorter than t3.5 */
  int64_t shortest;        /* silence before a frame of the master */
  int64_t intervals[4096];  /* between the beginnings of its last frames */
  int64_t first, last;     /* begin of the first and of the last frame of the master */
  int64_t busy;            /* time in which the line carried bytes */
  long long bytes[2];      /* sent by each end */
  long long flipped, dropped, doubled, collisions, overflows;
  long long answered;      /* by the units of the simulator */
  long long lies;          /* of them, told on purpose */
  long long talked;        /* frames that the far end sent by itself */
  long long requests;      /* that the units of the simulator understood */
};
extern struct figures figures;

int64_t now_ns(void);
double chance(void); /* 0..1 */

/* Puts bytes of an end on the line, not before a time. */
void send_bytes(int end, const uint8_t *bytes, int count, int64_t not_before);

/* What the far end sends by itself. While a frame is sent, its number and 1; else 0. */
extern long long talked_frame;
void talk_hit(long long frame); /* a fault has hit a frame */
int64_t talk_next(void);
void talk_run(int64_t now);
int talk_command(int words, char **word); /* 1 done, 2 done and answered, 0 not mine, -1 wrong */

int room(int end); /* for so many more bytes of an end on the line */

/* The Modbus units that the simulator plays itself. */
void units_byte(uint8_t byte, int64_t begin, int64_t end);
int64_t units_next(void);
void units_run(int64_t now);
int units_command(int words, char **word); /* 1 done, 0 not mine, -1 wrong */

#endif
