package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.TestPoints;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** libmodbus at the far end of a simulated line. */
class LibmodbusRtuPeerTest extends SerialPeerSuite {
  LibmodbusRtuPeerTest() {
    super(SerialMode.RTU);
  }

  @Override
  PeerServer start(Path terminal) throws Exception {
    return PeerServer.libmodbus("rtu", terminal.toString());
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
}
