package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.modbus.internal.Places;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One scan. Blocks are read; one that is refused is read in pieces that end at multiples of the
 * step. Of a piece that may be refused too both ends are tried, and it is divided further if one of
 * them can be read. So where nothing can be read a step costs two requests, where all can be read a
 * block costs one, and a range as long as a step is never missed.
 */
final class RegisterScan {
  /** Bits that go where one register would. */
  private static final int BITS_PER_REGISTER = 16;

  /** Requests in a row without an answer after which the unit is taken as gone. */
  private static final int SILENCES = 5;

  /** Failures in a row to send anything after which the bus is taken as gone. */
  private static final int ATTEMPTS = 3;

  /**
   * So many times as long as usual after a silence: on a line, the late answer is awaited for as
   * long again before the unit is asked anything else.
   */
  private static final int PATIENCE = 5;

  /** How often a unit that is busy is asked again. */
  private static final int BUSY_ATTEMPTS = 5;

  private static final int ILLEGAL_FUNCTION = 1;
  private static final int ACKNOWLEDGE = 5;
  private static final int BUSY = 6;

  private final Target target;
  private final Table table;
  private final Given given;
  private final ToolRun run;
  private final Places places;
  private final Findings findings;
  private final int step;
  private final long end;
  private int block;
  private int silences;

  RegisterScan(Target target, Table table, Given given, ToolRun run) {
    int unit = table.bits() ? BITS_PER_REGISTER : 1;
    this.target = target;
    this.table = table;
    this.given = given;
    this.run = run;
    this.places = new Places(target.unit().zeroBased());
    this.findings = new Findings(table, places, run);
    this.step = given.whole("step") * unit;
    this.block = whole(given.whole("block") * unit);
    this.end = System.nanoTime() + Duration.ofMinutes(given.whole("minutes")).toNanos();
  }

  /** Scans from a wire address to another. */
  void scan(int first, int last) throws DriverException, InterruptedException {
    int at = first;
    try {
      while (at <= last && !run.cancelled() && System.nanoTime() - end < 0) {
        run.progress(at - first, last - first + 1, places.address(table, at) + readable());
        int count = Math.min(block - at % step, last - at + 1);
        if (!take(at, count)) {
          pieces(at, count);
        }
        at += count;
      }
    } finally {
      // What was found stays, however it ends.
      findings.end();
    }
    run.progress(at - first, last - first + 1, conclusion(at, last));
  }

  /** As many steps as there are in it, but one at least: then blocks end where pieces do. */
  private int whole(int addresses) {
    return Math.max(step, addresses / step * step);
  }

  private String readable() {
    return "; " + findings.total() + " can be read";
  }

  private String conclusion(int at, int last) {
    return at > last
        ? "done" + readable()
        : "the time is over: go on from address " + at + readable();
  }

  /** A block that is refused as a whole. */
  private void pieces(int start, int count) throws DriverException, InterruptedException {
    int before = findings.total();
    int at = start;
    while (at < start + count) {
      int length = Math.min(step - at % step, start + count - at);
      boolean expected = length < count && findings.endAt(at);
      if (!expected || !take(at, length)) {
        piece(at, length);
      }
      at += length;
    }
    if (findings.total() - before == count && block > step) {
      // The unit has all of it, and refuses only to give so much at once.
      block = whole(block / 2);
    }
  }

  private void piece(int start, int count) throws DriverException, InterruptedException {
    boolean first = take(start, 1);
    if (count > 1 && (first || read(request(start + count - 1, 1)) != null)) {
      divide(start + 1, count - 1);
    }
  }

  private void divide(int start, int count) throws DriverException, InterruptedException {
    if (take(start, count) || count == 1) {
      return;
    }
    int left = count / 2;
    divide(start, left);
    divide(start + left, count - left);
  }

  /** Whether it can be read; if so it is noted. */
  private boolean take(int start, int count) throws DriverException, InterruptedException {
    int[] values = read(request(start, count));
    if (values != null) {
      findings.add(start, values);
    }
    return values != null;
  }

  private ReadRequest request(int start, int count) {
    return new ReadRequest(table, start, count, "read " + places.of(table, start, count));
  }

  /** Null when it is refused. */
  private int @Nullable [] read(ReadRequest request) throws DriverException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Timed answer = exchange(request);
      if (answer == null) {
        return null;
      }
      int exception = answer.exception();
      if (exception == 0) {
        return request.values(answer.pdu());
      }
      boolean busy = exception == ACKNOWLEDGE || exception == BUSY;
      if (exception == ILLEGAL_FUNCTION || ExceptionCode.unitAway(exception)) {
        throw refusal(exception);
      }
      if (!busy || attempt >= BUSY_ATTEMPTS) {
        return null;
      }
    }
  }

  private DriverException refusal(int exception) {
    String message =
        target.unit().transport().endpoint()
            + " unit "
            + target.unit().number()
            + ": "
            + ExceptionCode.text(exception);
    return exception == ILLEGAL_FUNCTION
        ? DriverException.refused(
            message
                + ": the device does not know function "
                + table.readFunction()
                + ", so it has nothing in the table '"
                + table.label()
                + "'")
        : DriverException.noAnswer(message, null);
  }

  /** Null when there is no right answer, which some units take for a refusal. */
  private @Nullable Timed exchange(ReadRequest request)
      throws DriverException, InterruptedException {
    while (true) {
      int times = silences == 0 ? 1 : PATIENCE;
      try {
        Timed answer =
            Timed.exchange(
                target, target.unit().number(), request, () -> given.deadline(times), run);
        silences = 0;
        return answer;
      } catch (DriverException e) {
        silences++;
        if (silences >= (e.sent() ? SILENCES : ATTEMPTS)) {
          throw e;
        }
        if (e.sent()) {
          return null;
        }
      }
    }
  }
}
