package io.snaprail.security.internal;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Slows down guessing: from the 5th failure on, an account and a source must wait, 1 s at first,
 * twice as long each time, 15 minutes at most: about 20 guesses in the first hour and 4 in each one
 * after. An attempt counts as failed from its start until it succeeds, so that many at once gain
 * nothing. A day without failure forgets. The tables hold 1,024 names each; a new one pushes out
 * the one that failed least, so that naming many others makes nobody forget an account under
 * attack.
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
  private final Map<String, Failures> accounts = new LinkedHashMap<>();
  private final Map<String, Failures> sources = new LinkedHashMap<>();

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
    // What is turned away leaves no new entry: it costs the sender nothing.
    List<Failures> entries =
        Stream.of(accounts.get(account), sources.get(source)).filter(Objects::nonNull).toList();
    long delay = entries.stream().mapToLong(entry -> entry.delay(now)).max().orElse(0);
    long unseen = entries.stream().mapToLong(entry -> entry.unseen).max().orElse(0);
    if (delay > 0) {
      entries.forEach(entry -> entry.unseen++);
      return new Decision(Duration.ofNanos(delay), unseen);
    }
    accounts.computeIfAbsent(account, key -> new Failures(now)).fail(now);
    sources.computeIfAbsent(source, key -> new Failures(now)).fail(now);
    makeRoom(accounts, account);
    makeRoom(sources, source);
    return new Decision(Duration.ZERO, unseen);
  }

  /** Removes the one that failed least and, of those, came first; never the newest. */
  private static void makeRoom(Map<String, Failures> entries, String newest) {
    if (entries.size() > MAX_ENTRIES) {
      entries.entrySet().stream()
          .filter(entry -> !entry.getKey().equals(newest))
          .min(Comparator.comparingInt(entry -> entry.getValue().failures))
          .map(Map.Entry::getKey)
          .ifPresent(entries::remove);
    }
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

  /** How many names are remembered, of accounts and of sources. */
  synchronized int size() {
    return accounts.size() + sources.size();
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
}
