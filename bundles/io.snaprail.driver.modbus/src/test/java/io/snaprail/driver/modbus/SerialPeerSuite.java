package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.line.LineSimulator;
import java.nio.file.Path;

/** A peer at the far end of a simulated line. */
abstract class SerialPeerSuite extends PeerSuite {
  static final int BAUD = 115_200;

  final SerialDriver driver = new SerialDriver();
  private final SerialMode mode;
  private LineSimulator line;

  SerialPeerSuite(SerialMode mode) {
    this.mode = mode;
  }

  /** Starts it on a terminal. */
  abstract PeerServer start(Path terminal) throws Exception;

  @Override
  final PeerServer start() throws Exception {
    LineSimulator.require();
    line = LineSimulator.start(BAUD);
    return start(line.farPort());
  }

  /** Where the driver is. */
  final Path port() {
    return line.port();
  }

  @Override
  final Device device(PeerServer server, boolean multiple) {
    return driver.device(
        mode, line.port(), "baud", BAUD, "unit", PeerServer.UNIT, "write.multiple", multiple);
  }

  @Override
  final void stop() {
    driver.close();
    if (line != null) {
      line.close();
    }
  }
}
