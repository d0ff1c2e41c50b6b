package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Sends its reads one after another. An exception of the slave spoils what it is about and no more:
 *
 * <ul>
 *   <li>2 and 3 (illegal address, illegal value) on several points: the read is divided until the
 *       point is found, with what time the cycle leaves and at most {@value #MAX_SEARCH} more
 *       requests, and further in the next cycle. The point goes into quarantine and is tried alone
 *       later; the others are read on.
 *   <li>5 and 6 (still working on it, busy): that read is left alone for 250 ms, doubling to 8 s.
 *   <li>10 and 11 (a gateway that does not reach the unit): the unit is away and the call ends.
 *   <li>any other: the points of that read are bad in this cycle.
 * </ul>
 *
 * None of them closes a connection.
 */
final class ModbusReadPlan implements ReadPlan {
  /** Most requests in a cycle that look for what the device refuses. */
  static final int MAX_SEARCH = 16;

  /** Most points in quarantine that are tried in a cycle. */
  static final int MAX_PROBES = 2;

  private static final int ILLEGAL_ADDRESS = 2;
  private static final int ILLEGAL_VALUE = 3;
  private static final int ACKNOWLEDGE = 5;
  private static final int BUSY = 6;

  private final ModbusTransport transport;
  private final int unit;
  private final ReadLayout layout;
  private final LongSupplier nanoTime;

  ModbusReadPlan(ModbusTransport transport, int unit, ReadLayout layout, LongSupplier nanoTime) {
    this.transport = transport;
    this.unit = unit;
    this.layout = layout;
    this.nanoTime = nanoTime;
  }

  @Override
  public void read(Sink sink, Deadline deadline) throws DriverException {
    layout.refresh(nanoTime.getAsLong());
    Cycle cycle = new Cycle(sink, deadline);
    for (Quarantined point : layout.quarantine()) {
      sink.bad(point.member().index(), point.reason());
    }
    for (BlockRead read : layout.reads()) {
      cycle.read(read);
    }
    cycle.search();
    cycle.probe();
    if (cycle.refused.isEmpty()) {
      layout.settle();
    }
  }

  /** One call. */
  private final class Cycle {
    /** Reads of several points that the device refused, still to be divided. */
    private final Deque<BlockRead> refused = new ArrayDeque<>();

    private final Sink sink;
    private final Deadline deadline;

    /** Duration of the slowest exchange, in nanoseconds. */
    private long slowest;

    private int requests;

    Cycle(Sink sink, Deadline deadline) {
      this.sink = sink;
      this.deadline = deadline;
    }

    void read(BlockRead read) throws DriverException {
      String wait = read.waitsFor(nanoTime.getAsLong());
      if (wait != null) {
        read.refuse(wait, sink);
        return;
      }
      byte[] answer = exchange(read);
      int exception = AnswerCheck.exceptionCode(answer);
      if (exception == 0) {
        read.deliver(answer, sink);
        return;
      }
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

    /** Divides what was refused, as far as this cycle goes. */
    void search() throws DriverException {
      int spent = 0;
      while (!refused.isEmpty() && spent + 2 <= MAX_SEARCH && timeFor(2)) {
        for (BlockRead half : layout.halves(refused.pop(), nanoTime.getAsLong())) {
          read(half);
          spent++;
        }
      }
    }

    /**
     * Tries points in quarantine whose time has come. When there was nothing else to be asked, one
     * is tried in any case, as nobody would notice otherwise that the device is away.
     */
    void probe() throws DriverException {
      long now = nanoTime.getAsLong();
      List<Quarantined> next =
          layout.quarantine().stream()
              .sorted(Comparator.comparingLong(point -> point.dueIn(now)))
              .limit(MAX_PROBES)
              .toList();
      for (Quarantined point : next) {
        boolean onlySign = requests == 0;
        if (onlySign || (point.dueIn(now) <= 0 && timeFor(1))) {
          probe(point);
        }
      }
    }

    private void probe(Quarantined point) throws DriverException {
      byte[] answer = exchange(point.probe());
      int exception = AnswerCheck.exceptionCode(answer);
      long now = nanoTime.getAsLong();
      if (exception == 0) {
        point.probe().deliver(answer, sink);
        layout.release(point, now);
      } else {
        point.refusedAgain(reason(point.probe(), exception), now);
        sink.bad(point.member().index(), point.reason());
      }
    }

    private byte[] exchange(BlockRead read) throws DriverException {
      long start = nanoTime.getAsLong();
      requests++;
      byte[] answer = transport.exchange(unit, read.request(), deadline);
      slowest = Math.max(slowest, nanoTime.getAsLong() - start);
      int exception = AnswerCheck.exceptionCode(answer);
      if (ExceptionCode.unitAway(exception)) {
        // The gateway is there and the unit is not: asking it more would only hold up the bus.
        throw DriverException.noAnswer(transport.endpoint() + ": " + reason(read, exception), null);
      }
      return answer;
    }

    private String reason(BlockRead read, int exception) {
      return ExceptionCode.text(exception) + " from unit " + unit + " at " + read.place();
    }

    /** Whether so many more exchanges end in time, each as slow as the slowest so far. */
    private boolean timeFor(int exchanges) {
      return deadline.remainingNanos() > exchanges * slowest;
    }
  }
}
