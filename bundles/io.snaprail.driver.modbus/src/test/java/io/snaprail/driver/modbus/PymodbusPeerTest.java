package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingRun;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Wire;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that nobody here wrote: pymodbus, with values that Python packed. */
@Tag("peer")
@Timeout(60)
class PymodbusPeerTest {
  /** Debian's, for which python3-pymodbus is installed; another python3 may come first. */
  static final Path PYTHON = Path.of("/usr/bin/python3");

  private static final int UNIT = 17;

  private final List<String[]> values = new ArrayList<>();
  private final List<String[]> bits = new ArrayList<>();
  private final Driver driver = new Driver();
  private Process process;
  private BufferedReader output;
  private BufferedWriter input;
  private NetworkDevice device;

  /** What the server speaks. */
  Wire wire() {
    return Wire.TCP;
  }

  @BeforeEach
  void start() throws Exception {
    requirePymodbus();
    process =
        new ProcessBuilder(arguments(PYTHON.toString(), script()))
            .redirectError(Redirect.INHERIT)
            .start();
    output = process.inputReader();
    input = process.outputWriter();
    int port = 0;
    while (port == 0) {
      String line = output.readLine();
      assertThat(line).as("pymodbus started").isNotNull();
      String[] words = line.split(" ");
      switch (words[0]) {
        case "value" -> values.add(words);
        case "bit" -> bits.add(words);
        case "port" -> port = Integer.parseInt(words[1]);
        default -> fail(line);
      }
    }
    device = connect(driver, port);
  }

  /** How the server is started. */
  List<String> arguments(String python, String script) throws Exception {
    return List.of(python, script, wire().name());
  }

  /** The tools for such devices. */
  ModbusTools tools(Driver made) {
    return made.tools();
  }

  /** What they are. */
  String pid() {
    return Driver.pid(wire());
  }

  /** Their settings beside host, port and unit. */
  Map<String, Object> settings() {
    return Map.of();
  }

  /** A device that speaks what the server speaks. */
  NetworkDevice connect(Driver made, int port) {
    return made.device(wire(), port, UNIT);
  }

  @AfterEach
  void stop() throws Exception {
    driver.close();
    if (process != null) {
      input.close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void everyTypeInEveryOrderIsReadBitForBit() throws Exception {
    for (String table : List.of("holding", "input")) {
      List<PointDefinition> points = new ArrayList<>();
      for (String[] value : values) {
        points.add(
            TestPoints.of(
                "p" + points.size(), table + ":" + value[1], value[2], value[3], Access.READ));
      }

      RecordingSink sink = Driver.read(Driver.plan(device, points.toArray(PointDefinition[]::new)));

      assertThat(points).hasSizeGreaterThan(280);
      for (int i = 0; i < points.size(); i++) {
        assertThat(sink.value(i))
            .as("%s", points.get(i))
            .isEqualTo(value(values.get(i)[2], values.get(i)[4]));
      }
    }
  }

  @Test
  void coilsAndDiscreteInputsAreRead() throws Exception {
    for (String table : List.of("coil", "discrete")) {
      PointDefinition[] points =
          bits.stream()
              .map(bit -> TestPoints.readable("p" + bit[1], table + ":" + bit[1], "bool"))
              .toArray(PointDefinition[]::new);

      RecordingSink sink = Driver.read(Driver.plan(device, points));

      for (int i = 0; i < points.length; i++) {
        assertThat(sink.value(i)).isEqualTo(new Value.Bool(bits.get(i)[2].equals("1")));
      }
    }
  }

  @Test
  void theToolsFindTheUnitAndShowEveryOrder() throws Exception {
    ModbusTools tools = tools(driver);
    String[] address = device.unit().transport().endpoint().split(":");
    Map<String, Object> settings = new HashMap<>(settings());
    settings.putAll(
        Map.of("host", address[0], "port", Long.valueOf(address[1]), "unit", (long) UNIT));

    RecordingRun units =
        Driver.use(
            tools,
            pid(),
            "scan-units",
            settings,
            new RecordingRun(),
            "first",
            "15",
            "last",
            "19",
            "timeout",
            "200");
    RecordingRun registers =
        Driver.use(tools, pid(), "scan-registers", settings, new RecordingRun());

    assertThat(units.rows()).extracting(row -> row.get(0)).containsExactly("17");
    assertThat(registers.rows()).extracting(row -> row.get(2)).containsExactly("1000");
    for (String[] value : values) {
      if (value[2].equals("int32")) {
        RecordingRun read =
            Driver.use(
                tools,
                pid(),
                "read",
                settings,
                new RecordingRun(),
                "address",
                "holding:" + value[1],
                "type",
                value[2]);
        assertThat(read.rows())
            .anyMatch(row -> row.get(0).equals(value[3]) && row.get(1).equals(value[4]));
      }
    }
  }

  /** What is written comes to hold the bits that Python packed for the same value. */
  @Test
  void everyTypeInEveryOrderIsWrittenBitForBit() throws Exception {
    for (String[] value : values) {
      int width = Integer.parseInt(value[2].replaceAll("\\D", "")) / 16;
      int there = 5000 + Integer.parseInt(value[1]);
      PointDefinition point =
          TestPoints.of("p", "holding:" + there, value[2], value[3], Access.READ_WRITE);

      device.write(point, value(value[2], value[4]), Deadline.in(Driver.AMPLE));

      assertThat(held("holding", there, width))
          .as("%s", point)
          .isEqualTo(held("holding", Integer.parseInt(value[1]), width));
    }
  }

  @Test
  void coilsAreWritten() throws Exception {
    for (boolean on : new boolean[] {true, false, true}) {
      device.write(
          TestPoints.writable("p", "coil:500", "bool"),
          new Value.Bool(on),
          Deadline.in(Driver.AMPLE));
      assertThat(held("coil", 500, 1)).isEqualTo(on ? "held 1" : "held 0");
    }
  }

  private static Value value(String type, String text) {
    return switch (type) {
      case "float16" -> half(Integer.parseUnsignedInt(text, 16));
      case "float32" -> new Value.Float32(Float.intBitsToFloat(Integer.parseUnsignedInt(text, 16)));
      case "float64" ->
          new Value.Float64(Double.longBitsToDouble(Long.parseUnsignedLong(text, 16)));
      default -> new Value.Int(Long.parseLong(text));
    };
  }

  /** Another way than the driver's: the bits moved into a single, whose exponent is 112 larger. */
  private static Value half(int bits) {
    float small = Float.intBitsToFloat((bits & 0x7fff) << 13);
    float magnitude = Math.scalb(small, 112);
    return new Value.Float32((bits & 0x8000) == 0 ? magnitude : -magnitude);
  }

  private String held(String table, int first, int count) throws IOException {
    input.write(table + " " + first + " " + count + "\n");
    input.flush();
    return output.readLine();
  }

  private static String script() throws URISyntaxException {
    return Path.of(
            Objects.requireNonNull(PymodbusPeerTest.class.getResource("/peer/pymodbus_server.py"))
                .toURI())
        .toString();
  }

  static void requirePymodbus() throws Exception {
    boolean there = Files.isExecutable(PYTHON);
    if (there) {
      Process check =
          new ProcessBuilder(PYTHON.toString(), "-c", "import pymodbus")
              .redirectErrorStream(true)
              .redirectOutput(Redirect.DISCARD)
              .start();
      there = check.waitFor(20, TimeUnit.SECONDS) && check.exitValue() == 0;
    }
    String missing = "needs the Debian package python3-pymodbus";
    if (!there && "true".equals(System.getenv("CI"))) {
      fail(missing);
    }
    assumeTrue(there, missing);
  }
}
