package io.snaprail.core.internal.poller;

/**
 * When a device's cycles are due, decided by its name: devices that were started at the same moment
 * are spread over their period, the same way after each start. Groups of one device whose periods
 * are multiples of one another are due together.
 *
 * @param originNanos any moment that is the same for every device of the gateway
 * @param spread a number that depends on the name only; never negative
 * @param nowNanos when the first cycles are due
 */
record Phase(long originNanos, long spread, long nowNanos) {
  // FNV-1a, 64 bit, finished with two rounds of Stafford's mixer as it spreads short names badly.
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  static Phase of(String name, long originNanos, long nowNanos) {
    long hash = FNV_BASIS;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.charAt(i)) * FNV_PRIME;
    }
    hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
    hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
    return new Phase(originNanos, (hash ^ (hash >>> 31)) & Long.MAX_VALUE, nowNanos);
  }

  /** A moment at which a group of the period is due, as it is any number of periods from there. */
  long gridNanos(long periodNanos) {
    return originNanos + spread % periodNanos;
  }
}
