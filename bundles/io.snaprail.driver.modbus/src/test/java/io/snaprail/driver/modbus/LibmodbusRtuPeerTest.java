package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.line.LineSimulator;
import org.junit.jupiter.api.Test;

/** libmodbus at the far end of a simulated line. */
class LibmodbusRtuPeerTest extends PeerSuite {
  private static final int BAUD = 115_200;

  private final SerialDriver driver = new SerialDriver();
  private LineSimulator line;

  @Override
  PeerServer start() throws Exception {
    LineSimulator.require();
    line = LineSimulator.start(BAUD);
    return PeerServer.libmodbus("rtu", line.farPort().toString());
  }

  @Override
  Device device(PeerServer server, boolean multiple) {
    return driver.device(
        SerialMode.RTU,
        line.port(),
        "baud",
        BAUD,
        "unit",
        PeerServer.UNIT,
        "write.multiple",
        multiple);
  }

  /** Function 22. */
  @Test
  void aBitIsWrittenAndItsNeighboursStay() throws Exception {
    single()
        .write(
            TestPoints.writable("p", "holding:" + THERE, "uint16"),
            new Value.Int(0xa5a5),
            Deadline.in(Driver.AMPLE));
    single()
        .write(
            TestPoints.writable("p", "holding:" + THERE + ".1", "bool"),
            new Value.Bool(true),
            Deadline.in(Driver.AMPLE));

    assertThat(server().held("holding", THERE, 1)).isEqualTo("held " + 0xa5a7);
  }

  @Override
  void stop() {
    driver.close();
    if (line != null) {
      line.close();
    }
  }
}
