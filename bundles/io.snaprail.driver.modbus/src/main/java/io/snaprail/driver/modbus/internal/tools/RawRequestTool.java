package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import java.util.List;

/** Sends one request that somebody has made up, once. */
final class RawRequestTool implements ModbusTool {

  @Override
  public Tool describe(Kind<?> kind) {
    return new Tool(
        "request",
        "Send a request",
        "Sends one request as it is given, once, and shows the answer. DANGEROUS: it can write,"
            + " restart or reconfigure the device, past the limits of every register map. The bytes"
            + " are in the audit log.",
        List.of(
            Tool.Parameter.whole("function", "Function code", 3, 1, 127),
            Tool.Parameter.text("data", "Data, in hexadecimal", "00 00 00 01"),
            Tool.Parameter.whole(Given.TIMEOUT, "Time-out (ms)", 1_000, 10, 60_000)),
        List.of("field", "value"),
        Tool.Access.ADMINISTRATOR);
  }

  @Override
  public void run(Kind<?> kind, Target target, Given given, ToolRun run)
      throws DriverException, InterruptedException {
    RawRequest request = RawRequest.of(given.whole("function"), given.text("data"), kind.rtu());
    int unit = target.unit().number();
    run.row(List.of("sent to unit " + unit, Words.hex(request.pdu())));
    Timed answer = Timed.exchange(target, unit, request, given, run);
    run.row(List.of("answer", Words.hex(answer.pdu())));
    run.row(List.of("round trip", answer.millis() + " ms"));
    new AnswerInWords(request, answer.pdu(), target.unit().zeroBased())
        .tell((field, value) -> run.row(List.of(field, value)));
  }
}
