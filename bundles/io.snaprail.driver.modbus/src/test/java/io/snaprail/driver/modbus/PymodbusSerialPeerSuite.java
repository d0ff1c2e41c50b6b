package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.RecordingRun;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** pymodbus as a slave on a line. */
abstract class PymodbusSerialPeerSuite extends SerialPeerSuite {
  private final SerialMode mode;

  PymodbusSerialPeerSuite(SerialMode mode) {
    super(mode);
    this.mode = mode;
  }

  @Override
  final PeerServer start(Path terminal) throws Exception {
    return PeerServer.pymodbus(mode.name(), terminal.toString(), String.valueOf(BAUD));
  }

  @Test
  void theToolsFindTheUnitOnTheLine() throws Exception {
    ModbusTools tools = new ModbusTools(new Driver().pool, driver.buses, Driver.NO_KEYS);
    String pid = mode == SerialMode.RTU ? ModbusRtuDevice.PID : ModbusAsciiDevice.PID;
    Map<String, Object> settings =
        Map.of("port", port().toString(), "baud", (long) BAUD, "unit", (long) PeerServer.UNIT);

    RecordingRun units =
        Driver.use(
            tools,
            pid,
            "scan-units",
            settings,
            new RecordingRun(),
            "first",
            "15",
            "last",
            "19",
            "timeout",
            "200");

    assertThat(units.rows()).extracting(row -> row.get(0)).containsExactly("17");
  }
}
