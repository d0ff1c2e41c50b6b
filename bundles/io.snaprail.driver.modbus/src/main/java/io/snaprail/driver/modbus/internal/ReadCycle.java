package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Sink;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One read of a plan: says what is to be asked next, and takes what came of it. It sends nothing
 * and waits for nothing itself, so that it serves a blocking transport and one that tells when an
 * answer has come alike, with any number of requests under way. Used by one thread at a time.
 *
 * <p>An exception of the slave spoils what it is about and no more:
 *
 * <ul>
 *   <li>2 and 3 (illegal address, illegal value) on several points: the read is divided until the
 *       point is found, with what time the cycle leaves and at most {@value #MAX_SEARCH} more
 *       requests, and further in the next cycle. The point goes into quarantine and is tried alone
 *       later; the others are read on.
 *   <li>5 and 6 (still working on it, busy): that read is left alone for 250 ms, doubling to 8 s.
 *   <li>10 and 11 (a gateway that does not reach the unit): the unit is away and the cycle ends.
 *   <li>any other: the points of that read are bad in this cycle.
 * </ul>
 *
 * <p>A request without answer, where there is time for others, costs its own points; a second one
 * that was sent after that, with no answer between, says that the device is away. What there is no
 * time for is bad in this cycle and comes first in the next one.
 */
final class ReadCycle {
  /** Most requests in a cycle that look for what the device refuses. */
  static final int MAX_SEARCH = 16;

  /** Most points in quarantine that are tried in a cycle. */
  static final int MAX_PROBES = 2;

  private static final String NO_TIME =
      "no time left in this cycle: raise timeout.ms, or let the device have fewer reads to do; read"
          + " first in the next cycle";

  private static final int ILLEGAL_ADDRESS = 2;
  private static final int ILLEGAL_VALUE = 3;
  private static final int ACKNOWLEDGE = 5;
  private static final int BUSY = 6;

  /**
   * Whom it asks.
   *
   * @param endpoint for messages
   */
  record Target(String endpoint, int unit) {}

  /** A request under way. */
  static final class Asked {
    private final BlockRead read;
    private final @Nullable Quarantined probe;
    private final long since;

    private Asked(BlockRead read, @Nullable Quarantined probe, long since) {
      this.read = read;
      this.probe = probe;
      this.since = since;
    }

    ReadRequest request() {
      return read.request();
    }
  }

  private final Target target;
  private final ReadLayout layout;
  private final Sink sink;
  private final Deadline deadline;
  private final LongSupplier nanoTime;

  private final Deque<BlockRead> reads;
  private final Set<Asked> underWay = new HashSet<>();

  /** Reads of several points that the device refused, still to be divided. */
  private final Deque<BlockRead> refused = new ArrayDeque<>();

  private @Nullable Queue<Quarantined> probes;

  /** Duration of the slowest exchange, in nanoseconds. */
  private long slowest;

  private int requests;
  private int answers;
  private int spentOnSearch;
  private boolean outOfTime;
  private boolean ended;

  /** The last request that got no answer in time, and no other got one since. */
  private @Nullable DriverException silence;

  private long silentSince;
  private @Nullable DriverException failure;

  /**
   * Begins: what is in quarantine is delivered at once.
   *
   * @param layout refreshed for this cycle
   */
  ReadCycle(Target target, ReadLayout layout, Sink sink, Deadline deadline, LongSupplier nanoTime) {
    this.target = target;
    this.layout = layout;
    this.sink = sink;
    this.deadline = deadline;
    this.nanoTime = nanoTime;
    this.reads = new ArrayDeque<>(layout.reads());
    for (Quarantined point : layout.quarantine()) {
      sink.bad(point.member().index(), point.reason());
    }
  }

  /**
   * What is to be asked next; null when nothing is, because the cycle has {@link #ended} or what is
   * under way has to be answered before.
   */
  @Nullable Asked next() {
    if (failure == null) {
      Asked asked = nextRead();
      if (asked == null) {
        asked = nextProbe();
      }
      if (asked != null) {
        return asked;
      }
    }
    if (underWay.isEmpty() && !ended) {
      end();
    }
    return null;
  }

  private @Nullable Asked nextRead() {
    if (reads.isEmpty()) {
      divide();
    }
    while (!reads.isEmpty()) {
      if (requests > 0 && !timeFor(1)) {
        noTime();
        return null;
      }
      BlockRead read = reads.remove();
      String wait = read.waitsFor(nanoTime.getAsLong());
      if (wait == null) {
        return ask(read, null);
      }
      read.refuse(wait, sink);
    }
    return null;
  }

  /** Divides what was refused, as far as this cycle goes. */
  private void divide() {
    if (!refused.isEmpty() && !outOfTime && spentOnSearch + 2 <= MAX_SEARCH && timeFor(2)) {
      spentOnSearch += 2;
      reads.addAll(layout.halves(refused.pop(), nanoTime.getAsLong()));
    }
  }

  /**
   * Tries points in quarantine whose time has come. When there was nothing else to be asked, one is
   * tried in any case, as nobody would notice otherwise that the device is away.
   */
  private @Nullable Asked nextProbe() {
    if (!underWay.isEmpty() || outOfTime) {
      return null;
    }
    long now = nanoTime.getAsLong();
    if (probes == null) {
      probes =
          new ArrayDeque<>(
              layout.quarantine().stream()
                  .sorted(Comparator.comparingLong(point -> point.dueIn(now)))
                  .limit(MAX_PROBES)
                  .toList());
    }
    for (Quarantined point = probes.poll(); point != null; point = probes.poll()) {
      boolean onlySign = requests == 0;
      if (onlySign || (point.dueIn(now) <= 0 && timeFor(1))) {
        return ask(point.probe(), point);
      }
    }
    return null;
  }

  private Asked ask(BlockRead read, @Nullable Quarantined probe) {
    requests++;
    Asked asked = new Asked(read, probe, nanoTime.getAsLong());
    underWay.add(asked);
    return asked;
  }

  /** There is no time for another request: what was not asked comes first in the next cycle. */
  void noTime() {
    outOfTime = true;
    if (requests == 0) {
      fail(
          DriverException.unreachable(
              target.endpoint()
                  + " unit "
                  + target.unit()
                  + ": no time for a single request: raise timeout.ms above pause.ms",
              null));
    }
    if (!reads.isEmpty()) {
      layout.beginWith(reads.peek());
    }
    reads.forEach(read -> read.refuse(NO_TIME, sink));
    reads.clear();
  }

  /** An answer that passed every check, or an exception of the slave. */
  void answered(Asked asked, byte[] answer) {
    if (!underWay.remove(asked)) {
      return;
    }
    answers++;
    silence = null;
    slowest = Math.max(slowest, nanoTime.getAsLong() - asked.since);
    int exception = AnswerCheck.exceptionCode(answer);
    if (ExceptionCode.unitAway(exception)) {
      // The gateway is there and the unit is not: asking it more would only hold up the bus.
      fail(
          DriverException.noAnswer(target.endpoint() + ": " + reason(asked.read, exception), null));
    } else if (asked.probe != null) {
      probed(asked.probe, answer, exception);
    } else if (exception == 0) {
      asked.read.deliver(answer, sink);
    } else {
      refused(asked.read, exception);
    }
  }

  private void refused(BlockRead read, int exception) {
    String reason = reason(read, exception);
    long now = nanoTime.getAsLong();
    switch (exception) {
      case ILLEGAL_ADDRESS, ILLEGAL_VALUE -> illegal(read, reason, now);
      case ACKNOWLEDGE, BUSY -> read.refuse(read.pause(reason, now), sink);
      default -> read.refuse(reason, sink);
    }
  }

  private void illegal(BlockRead read, String reason, long now) {
    if (layout.refused(read, reason, now)) {
      // What the search finds in this cycle is delivered after this, and so replaces it.
      read.refuse(reason + "; looking for the address that the device refuses", sink);
      refused.push(read);
    } else {
      List<Quarantined> all = layout.quarantine();
      read.refuse(all.get(all.size() - 1).reason(), sink);
    }
  }

  private void probed(Quarantined point, byte[] answer, int exception) {
    long now = nanoTime.getAsLong();
    if (exception == 0) {
      point.probe().deliver(answer, sink);
      layout.release(point, now);
    } else {
      point.refusedAgain(reason(point.probe(), exception), now);
      sink.bad(point.member().index(), point.reason());
    }
  }

  /** There is no answer to a request. */
  void failed(Asked asked, DriverException e) {
    if (!underWay.remove(asked)) {
      return;
    }
    boolean late = e.sent() && e.getCause() instanceof SocketTimeoutException;
    boolean again = silence != null && asked.since - silentSince >= 0;
    boolean away = again || (deadline.expired() && answers == 0);
    if (!late || away) {
      fail(e);
      return;
    }
    silence = e;
    silentSince = nanoTime.getAsLong();
    asked.read.refuse(String.valueOf(e.getMessage()), sink);
  }

  private void fail(DriverException e) {
    if (failure == null) {
      failure = e;
    }
  }

  private void end() {
    ended = true;
    if (failure == null && answers == 0 && silence != null) {
      failure = silence;
    }
    if (failure == null && refused.isEmpty()) {
      layout.settle();
    }
    layout.publish();
  }

  /** Whether there is nothing to be asked nor waited for any more. */
  boolean ended() {
    return ended;
  }

  /** Why the device as a whole could not be read; null when it could, or as long as it can. */
  @Nullable DriverException failure() {
    return failure;
  }

  private String reason(BlockRead read, int exception) {
    return ExceptionCode.text(exception) + " from unit " + target.unit() + " at " + read.place();
  }

  /** Whether so many more exchanges end in time, each as slow as the slowest so far. */
  private boolean timeFor(int exchanges) {
    return deadline.remainingNanos() > exchanges * slowest;
  }
}
