package io.snaprail.core.internal.poller;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How late things were in the last minute, as counts by size: quarter octaves from 0.1 ms, so a
 * quantile is right to a fifth. A minute is six parts, of which the oldest is dropped. Guarded by
 * whoever owns it.
 */
final class Latenesses {
  private static final int PARTS = 6;
  private static final int PART_SECONDS = 10;
  private static final int SIZES = 92;
  private static final double PER_OCTAVE = 4;
  private static final double SMALLEST_MS = 0.1;

  private final int[][] counts = new int[PARTS][SIZES];
  private long part;

  void add(long lateNanos, long second) {
    moveTo(second);
    counts[(int) (part % PARTS)][size(lateNanos)]++;
  }

  /** What the given share was below, in ms, rounded up to the next size; NaN without any. */
  double quantileMs(double share, long second) {
    moveTo(second);
    int[] sum = new int[SIZES];
    long all = 0;
    for (int[] counted : counts) {
      for (int i = 0; i < SIZES; i++) {
        sum[i] += counted[i];
        all += counted[i];
      }
    }
    if (all == 0) {
      return Double.NaN;
    }
    long below = 0;
    int size = 0;
    while (size < SIZES - 1 && (below += sum[size]) < share * all) {
      size++;
    }
    return SMALLEST_MS * Math.pow(2, size / PER_OCTAVE);
  }

  private void moveTo(long second) {
    long to = second / PART_SECONDS;
    for (long empty = Math.max(part + 1, to - PARTS + 1); empty <= to; empty++) {
      Arrays.fill(counts[(int) (empty % PARTS)], 0);
    }
    part = Math.max(part, to);
  }

  private static int size(long lateNanos) {
    double ms = (double) lateNanos / TimeUnit.MILLISECONDS.toNanos(1);
    if (ms <= SMALLEST_MS) {
      return 0;
    }
    double octaves = Math.log(ms / SMALLEST_MS) / Math.log(2);
    return (int) Math.min(SIZES - 1, Math.ceil(octaves * PER_OCTAVE));
  }
}
