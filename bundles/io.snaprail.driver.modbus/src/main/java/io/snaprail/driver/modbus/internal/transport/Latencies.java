package io.snaprail.driver.modbus.internal.transport;

import java.util.Arrays;

/** How long the last answers took. Allocates nothing when one comes. Safe for any thread. */
public final class Latencies {
  private static final int KEPT = 256;
  private static final double NANOS_PER_MICRO = 1e3;

  /** In microseconds; the oldest is overwritten. */
  private final int[] last = new int[KEPT];

  private int next;
  private int kept;

  /** An answer has come so long after its request was sent. */
  public synchronized void add(long nanos) {
    last[next] = (int) Math.min(Integer.MAX_VALUE, Math.max(0, nanos / (long) NANOS_PER_MICRO));
    next = (next + 1) % KEPT;
    kept = Math.min(KEPT, kept + 1);
  }

  /**
   * The times that so many of a hundred answers did not exceed.
   *
   * @param percents 1..100 each
   * @return in nanoseconds, in the order of the percents; NaN before the first answer
   */
  public double[] percentiles(int... percents) {
    int[] sorted;
    synchronized (this) {
      sorted = Arrays.copyOf(last, kept);
    }
    Arrays.sort(sorted);
    return Arrays.stream(percents)
        .mapToDouble(percent -> sorted.length == 0 ? Double.NaN : at(sorted, percent))
        .toArray();
  }

  private static double at(int[] sorted, int percent) {
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return sorted[Math.max(1, rank) - 1] * NANOS_PER_MICRO;
  }
}
