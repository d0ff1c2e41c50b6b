package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.modbus.internal.Identification;
import io.snaprail.driver.modbus.internal.j2mod.IdentificationRequest;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks one unit after another something harmless; whoever answers, is there. */
final class ScanUnits implements ModbusTool {
  private static final String IDENTIFICATION = "identification";

  /** Longest a network may take, gateways included; a line answers sooner or not at all. */
  private static final int NETWORK_TIMEOUT_MS = 1_000;

  private static final int LINE_TIMEOUT_MS = 300;

  /** How often in a row the way to the bus may fail before it is taken as gone. */
  private static final int ATTEMPTS = 3;

  /** When so many units all answer, they are one. */
  private static final int SUSPICIOUS = 10;

  @Override
  public Tool describe(Kind<?> kind) {
    int least = kind.line() ? 1 : 0;
    int most = kind.line() ? 247 : 255;
    return new Tool(
        "scan-units",
        "Scan the bus for units",
        "Asks each unit once to read one value, and shows who answers, be it with a refusal. It"
            + " changes nothing. A unit that is not there costs the time-out: all of them take "
            + (kind.line() ? "about a minute" : "some minutes behind a gateway")
            + ". Polling goes on meanwhile.",
        List.of(
            Tool.Parameter.whole("first", "First unit", 1, least, most),
            Tool.Parameter.whole("last", "Last unit", 247, least, most),
            Tool.Parameter.whole(
                Given.TIMEOUT,
                "Time-out a unit (ms)",
                kind.line() ? LINE_TIMEOUT_MS : NETWORK_TIMEOUT_MS,
                10,
                10_000),
            Tool.Parameter.choice(
                "ask",
                "Ask for",
                List.of("holding 0", "input 0", "coil 0", "discrete 0", IDENTIFICATION)),
            Tool.Parameter.bool("identify", "Ask those who answer what they are", true)),
        List.of("unit", "answer", "ms", "identification"),
        Tool.Access.OPERATOR);
  }

  @Override
  public void run(Kind<?> kind, Target target, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    int first = given.whole("first");
    int last = given.whole("last");
    if (last < first) {
      throw new IllegalArgumentException(
          "last: expected first (" + first + ") or more, found " + last);
    }
    PduRequest question = question(given.text("ask"));
    int count = last - first + 1;
    int found = 0;
    for (int unit = first; unit <= last && !run.cancelled(); unit++) {
      run.progress(unit - first, count, "unit " + unit + "; " + found + " found");
      if (look(kind, target, unit, question, given, run)) {
        found++;
      }
    }
    run.progress(count, count, conclusion(found, count));
  }

  private static String conclusion(int found, int count) {
    String counted = found + " of " + count + " units answer";
    return found == count && count >= SUSPICIOUS
        ? counted + ": it is probably one device that does not look at the unit"
        : counted;
  }

  private static PduRequest question(String ask) {
    for (Table table : Table.values()) {
      if (ask.equals(table.label() + " 0")) {
        return new ReadRequest(table, 0, 1, "read " + ask);
      }
    }
    return new IdentificationRequest(0);
  }

  /** Whether somebody answers. */
  private static boolean look(
      Kind<?> kind, Target target, int unit, PduRequest question, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    try {
      Timed answer = ask(target, unit, question, given, run);
      if (answer == null || ExceptionCode.unitAway(answer.exception())) {
        return false;
      }
      String identification =
          given.flag("identify") ? identification(target, unit, given, run) : "";
      run.row(List.of(Integer.toString(unit), shown(answer), answer.millis(), identification));
    } catch (DriverException e) {
      if (e.kind() != DriverException.Kind.PROTOCOL) {
        throw e;
      }
      run.row(List.of(Integer.toString(unit), garbled(kind, e), "", ""));
    }
    return true;
  }

  private static String shown(Timed answer) {
    return answer.exception() == 0 ? "ok" : ExceptionCode.text(answer.exception());
  }

  private static String garbled(Kind<?> kind, DriverException e) {
    return "something answers, but not rightly: "
        + e.getMessage()
        + (kind.line()
            ? " (two units with this number? another baud rate or parity? a line without"
                + " termination?)"
            : "");
  }

  /**
   * Null when nobody answers. What is garbled is asked once more, as noise is seldom there twice.
   */
  private static @Nullable Timed ask(
      Target target, int unit, PduRequest question, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return Timed.exchange(target, unit, question, given, run);
      } catch (DriverException e) {
        if (e.kind() == DriverException.Kind.PROTOCOL) {
          return again(e, target, unit, question, given, run);
        }
        if (e.kind() == DriverException.Kind.TRANSIENT && e.sent()) {
          return null;
        }
        if (attempt >= ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static Timed again(
      DriverException garbled,
      Target target,
      int unit,
      PduRequest question,
      Given given,
      ToolRun run)
      throws DriverException, InterruptedException {
    try {
      return Timed.exchange(target, unit, question, given, run);
    } catch (DriverException e) {
      // Whatever it is this time: there was something.
      garbled.addSuppressed(e);
      throw garbled;
    }
  }

  private static byte[] confirmed(Target target, int unit, PduRequest request, Deadline deadline)
      throws DriverException {
    byte[] answer = target.unit().transport().exchange(unit, request, deadline);
    int exception = AnswerCheck.exceptionCode(answer);
    if (exception != 0) {
      throw DriverException.refused(ExceptionCode.text(exception));
    }
    return answer;
  }

  private static String told(Target target, int unit, Deadline deadline) throws DriverException {
    var objects = Identification.read(request -> confirmed(target, unit, request, deadline));
    target.unit().transport().identified(unit, objects);
    return String.join(", ", objects.values());
  }

  private static String identification(Target target, int unit, Given given, ToolRun run)
      throws InterruptedException {
    try {
      return run.onBus(target.bus(), () -> told(target, unit, given.deadline()));
    } catch (DriverException e) {
      // Most devices do not know the function; that they are there is known already.
      return e.kind() == DriverException.Kind.DEVICE ? "" : "no answer";
    }
  }
}
