package io.snaprail.security.internal;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Slows down guessing: from the 5th failure on, an account and a source must wait, 1 s at first,
 * twice as long each time, 15 minutes at most: about 20 guesses in the first hour and 4 in each one
 * after. An attempt counts as failed from its start until it succeeds, so that many at once gain
 * nothing. A day without failure forgets. The tables hold the 1,024 names seen last.
 *
 * <p>Safe for any thread.
 */
final class AttemptLimiter {
  private static final int FREE_FAILURES = 5;
  private static final int MAX_ENTRIES = 1024;
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST = Duration.ofMinutes(15).toNanos();
  private static final long FORGET = Duration.ofDays(1).toNanos();

  private final LongSupplier nanoTime;
  private final Map<String, Failures> accounts = new Recent();
  private final Map<String, Failures> sources = new Recent();

  /**
   * A limiter.
   *
   * @param nanoTime monotonic, in nanoseconds
   */
  AttemptLimiter(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Begins an attempt, or says how long none is looked at. */
  synchronized Decision begin(String account, String source) {
    long now = nanoTime.getAsLong();
    List<Failures> entries =
        List.of(
            accounts.computeIfAbsent(account, key -> new Failures(now)),
            sources.computeIfAbsent(source, key -> new Failures(now)));
    long delay = entries.stream().mapToLong(entry -> entry.delay(now)).max().orElse(0);
    long unseen = entries.stream().mapToLong(entry -> entry.unseen).max().orElse(0);
    if (delay > 0) {
      entries.forEach(entry -> entry.unseen++);
      return new Decision(Duration.ofNanos(delay), unseen);
    }
    entries.forEach(entry -> entry.fail(now));
    return new Decision(Duration.ZERO, unseen);
  }

  /** Ends an attempt well. */
  synchronized void succeeded(String account, String source) {
    accounts.remove(account);
    sources.remove(source);
  }

  /** Ends an attempt that was not looked at after all: it does not count. */
  synchronized void abandoned(String account, String source) {
    for (Failures entry : new Failures[] {accounts.get(account), sources.get(source)}) {
      if (entry != null && entry.failures > 0) {
        entry.failures--;
      }
    }
  }

  /**
   * What {@link #begin} decided.
   *
   * @param delay zero when the attempt may go on
   * @param unseen how many attempts were turned away before this one since the last that was not
   */
  record Decision(Duration delay, long unseen) {
    boolean refused() {
      return !delay.isZero();
    }
  }

  private static final class Failures {
    private int failures;
    private long last;
    private long delay;
    private long unseen;

    Failures(long now) {
      last = now;
    }

    long delay(long now) {
      return Math.max(0, delay - (now - last));
    }

    void fail(long now) {
      failures = now - last > FORGET ? 1 : failures + 1;
      last = now;
      unseen = 0;
      int doublings = failures - FREE_FAILURES;
      // 2^10 s is beyond the longest wait; the check keeps the shift from overflowing.
      delay =
          doublings < 0 ? 0 : doublings >= 10 ? LONGEST : Math.min(SECOND << doublings, LONGEST);
    }
  }

  private static final class Recent extends LinkedHashMap<String, Failures> {
    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
      return size() > MAX_ENTRIES;
    }
  }
}
