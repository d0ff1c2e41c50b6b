package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.TestPoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** libmodbus, and mbpoll: what the driver writes into the one, the other reads. */
class LibmodbusPeerTest extends PeerSuite {
  private static final Path MBPOLL = Path.of("/usr/bin/mbpoll");
  private static final Pattern ROW = Pattern.compile("^\\[\\d+]:\\s+(\\S+)", Pattern.MULTILINE);

  private final Driver driver = new Driver();

  @Override
  PeerServer start() throws Exception {
    return PeerServer.libmodbus("tcp");
  }

  @Override
  Device device(PeerServer server, boolean multiple) {
    return driver.device(
        "host",
        "127.0.0.1",
        "port",
        server.port(),
        "unit",
        PeerServer.UNIT,
        "write.multiple",
        multiple);
  }

  /** Functions 5 and 15. */
  @Test
  void mbpollReadsTheCoilsThatWereWritten() throws Exception {
    for (int i = 0; i < 10; i++) {
      Device device = i % 2 == 0 ? single() : multiple();
      write(device, "coil:" + (600 + i), "bool", "", new Value.Bool(i % 3 == 0));
    }

    assertThat(mbpoll("0", 600, 10))
        .containsExactly("1", "0", "0", "1", "0", "0", "1", "0", "0", "1");
  }

  /** Functions 6 and 16. */
  @Test
  void mbpollReadsTheRegistersThatWereWritten() throws Exception {
    write(single(), "holding:" + THERE, "uint16", "", new Value.Int(0x1234));
    write(multiple(), "holding:" + (THERE + 1), "uint16", "", new Value.Int(0xfedc));
    write(single(), "holding:" + (THERE + 2), "uint16", "BA", new Value.Int(0x1234));
    write(single(), "holding:" + (THERE + 3), "bcd32", "", new Value.Int(12_345_678));
    write(single(), "holding:" + (THERE + 5), "float64", "GHEFCDAB", new Value.Float64(0.1));
    write(single(), "holding:" + (THERE + 9), "string(5)", "", new Value.Text("hello"));

    // 0.1 is 3FB999999999999A.
    assertThat(mbpoll("4:hex", THERE, 12))
        .containsExactly(
            "0x1234", "0xFEDC", "0x3412", "0x1234", "0x5678", "0x999A", "0x9999", "0x9999",
            "0x3FB9", "0x6865", "0x6C6C", "0x6F00");
  }

  /** Function 16, in the orders that mbpoll knows. */
  @Test
  void mbpollReadsTheNumbersThatWereWritten() throws Exception {
    write(single(), "holding:" + THERE, "int32", "ABCD", new Value.Int(-2_147_483_648L));
    write(single(), "holding:" + (THERE + 2), "int32", "ABCD", new Value.Int(305_419_896));
    write(single(), "holding:" + (THERE + 4), "int32", "CDAB", new Value.Int(-2));
    write(single(), "holding:" + (THERE + 6), "float32", "ABCD", new Value.Float32(-123.456f));
    write(single(), "holding:" + (THERE + 8), "float32", "CDAB", new Value.Float32(1e-20f));

    assertThat(mbpoll("4:int", THERE, 2, "-B")).containsExactly("-2147483648", "305419896");
    assertThat(mbpoll("4:int", THERE + 4, 1)).containsExactly("-2");
    assertThat(mbpoll("4:float", THERE + 6, 1, "-B")).containsExactly("-123.456");
    assertThat(mbpoll("4:float", THERE + 8, 1)).containsExactly("1e-20");
  }

  /** Function 22. */
  @Test
  void mbpollReadsTheBitsThatWereWritten() throws Exception {
    write(single(), "holding:" + THERE, "uint16", "", new Value.Int(0xa5a5));
    write(single(), "holding:" + THERE + ".1", "bool", "", new Value.Bool(true));
    write(single(), "holding:" + THERE + ".15", "bool", "", new Value.Bool(false));
    write(single(), "holding:" + THERE, "bits(8..11)", "", new Value.Int(0));

    assertThat(mbpoll("4:hex", THERE, 1)).containsExactly("0x20A7");
  }

  private static void write(Device device, String address, String type, String order, Value value)
      throws DriverException {
    device.write(
        TestPoints.of("p", address, type, order, Access.READ_WRITE),
        value,
        Deadline.in(Driver.AMPLE));
  }

  private List<String> mbpoll(String type, int first, int count, String... more)
      throws IOException, InterruptedException {
    PeerServer.require(Files.isExecutable(MBPOLL), "the Debian package mbpoll");
    List<String> command =
        new ArrayList<>(
            List.of(
                MBPOLL.toString(), "-m", "tcp", "-0", "-1", "-q", "-t", type, "-r", "" + first));
    command.addAll(List.of("-c", "" + count, "-a", "" + PeerServer.UNIT, "-p"));
    command.add("" + server().port());
    command.addAll(List.of(more));
    command.add("127.0.0.1");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    List<String> values = new ArrayList<>();
    Matcher row = ROW.matcher(output);
    while (row.find()) {
      values.add(row.group(1));
    }
    return values;
  }

  @Override
  void stop() {
    driver.close();
  }
}
