package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.testkit.RecordingRun;
import io.snaprail.testkit.modbus.Wire;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Against pymodbus, with values that Python packed. */
class PymodbusPeerTest extends PeerSuite {
  /** Debian's, for which python3-pymodbus is installed; another python3 may come first. */
  static final Path PYTHON = Path.of("/usr/bin/python3");

  private final Driver driver = new Driver();

  /** What the server speaks. */
  Wire wire() {
    return Wire.TCP;
  }

  @Override
  PeerServer start() throws Exception {
    return PeerServer.pymodbus(wire().name());
  }

  /** The tools for such devices. */
  ModbusTools tools() {
    return driver.tools();
  }

  /** What they are. */
  String pid() {
    return Driver.pid(wire());
  }

  /** Their settings beside host, port and unit. */
  Map<String, Object> settings() {
    return Map.of();
  }

  @Override
  NetworkDevice device(PeerServer server, boolean multiple) {
    return driver.device(
        wire(), server.port(), PeerServer.UNIT, Map.of("write.multiple", multiple));
  }

  @Override
  void stop() {
    driver.close();
  }

  @Test
  void theToolsFindTheUnitAndShowEveryOrder() throws Exception {
    Map<String, Object> settings = new HashMap<>(settings());
    settings.putAll(
        Map.of(
            "host", "127.0.0.1", "port", (long) server().port(), "unit", (long) PeerServer.UNIT));

    RecordingRun units = use(settings, "scan-units", "first", "15", "last", "19", "timeout", "200");
    RecordingRun registers = use(settings, "scan-registers");

    assertThat(units.rows()).extracting(row -> row.get(0)).containsExactly("17");
    assertThat(registers.rows()).extracting(row -> row.get(2)).containsExactly("1000");
    for (String[] value : server().values) {
      if (value[2].equals("int32")) {
        RecordingRun read =
            use(settings, "read", "address", "holding:" + value[1], "type", value[2]);
        assertThat(read.rows())
            .anyMatch(row -> row.get(0).equals(value[3]) && row.get(1).equals(value[4]));
      }
    }
  }

  private RecordingRun use(Map<String, Object> settings, String tool, String... parameters)
      throws Exception {
    return Driver.use(tools(), pid(), tool, settings, new RecordingRun(), parameters);
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
    PeerServer.require(there, "the Debian package python3-pymodbus");
  }
}
