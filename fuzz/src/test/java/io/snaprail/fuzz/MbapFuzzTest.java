package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whatever comes over TCP and UDP, through a whole device: a value is delivered exactly when the
 * specification says that what came is the answer, and it is the one in there.
 *
 * <p>An input is: which fields of the header are made right after all (bits 0 to 4: transaction,
 * protocol, length, unit, function and byte count), so that what lies behind them is reached; then
 * the bytes that come.
 */
class MbapFuzzTest {
  private static final int COUNT = 3;
  private static final int START = 0x0102;

  private static Server tcp;
  private static Server udp;

  @BeforeAll
  static void start() throws IOException {
    tcp = Server.tcp();
    udp = Server.udp();
  }

  @AfterAll
  static void stop() throws IOException {
    tcp.close();
    udp.close();
  }

  @FuzzTest
  void tcp(byte[] input) {
    check(tcp, Wire.TCP, input, false);
  }

  @FuzzTest
  void udp(byte[] input) {
    check(udp, Wire.UDP, input, true);
  }

  private static void check(Server server, Wire wire, byte[] input, boolean whole) {
    if (input.length < 2) {
      return;
    }
    byte[] sent = Arrays.copyOfRange(input, 1, Math.min(input.length, 600));
    server.answer(request -> corrected(sent, request, input[0]));
    RecordingSink sink = new RecordingSink();
    DriverException failure = null;
    try (Line line = new Line(wire, server.port())) {
      line.device()
          .compile(points(), (index, message) -> assertThat(message).isNull())
          .read(sink, Deadline.in(Duration.ofSeconds(10)));
    } catch (DriverException e) {
      failure = e;
    }
    assertRight(server, sink, failure, whole);
  }

  private static void assertRight(
      Server server, RecordingSink sink, DriverException failure, boolean whole) {
    byte[] request = server.requested();
    byte[] expected =
        Reference.mbap(
            server.answered(),
            Reference.word(request, 0),
            Line.UNIT,
            Arrays.copyOfRange(request, 7, request.length),
            whole);
    boolean data = expected != null && expected[0] == 3;
    for (int i = 0; i < COUNT; i++) {
      Value value = data ? new Value.Int(Reference.word(expected, 2 + 2 * i)) : null;
      assertThat(sink.value(i)).as("%s", failure).isEqualTo(value);
    }
    if (expected == null) {
      assertThat(failure).as("an answer that is none").isNotNull();
    }
  }

  private static List<PointDefinition> points() {
    return IntStream.range(0, COUNT)
        .mapToObj(i -> TestPoints.readable("p" + i, "holding:" + (START + i), "uint16"))
        .toList();
  }

  private static byte[] corrected(byte[] bytes, byte[] request, int which) {
    byte[] frame = bytes.clone();
    put(frame, which, 1, 0, request[0], request[1]);
    put(frame, which, 2, 2, (byte) 0, (byte) 0);
    put(frame, which, 4, 4, (byte) ((frame.length - 6) >> 8), (byte) (frame.length - 6));
    put(frame, which, 8, 6, (byte) Line.UNIT);
    put(frame, which, 16, 7, (byte) 3, (byte) (2 * COUNT));
    return frame;
  }

  private static void put(byte[] frame, int which, int bit, int at, byte... field) {
    if ((which & bit) != 0 && frame.length >= at + field.length) {
      System.arraycopy(field, 0, frame, at, field.length);
    }
  }
}
