package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The lies of Modbus TCP inside TLS: who has proved who he is may lie all the same. */
class LyingTlsServerTest extends LyingServerTest {
  @TempDir Path folder;
  private TlsBench bench;

  /** A connection takes many times what it takes without TLS. */
  @Override
  protected Duration patience() {
    return Duration.ofMillis(100);
  }

  /** One request at a time on a connection of its own: it is opened anew after a time-out. */
  @Override
  protected boolean outlivesSilence() {
    return false;
  }

  @Override
  protected HostileModbusServer startServer() throws Exception {
    bench = new TlsBench(folder);
    return bench.server();
  }

  @Override
  protected Device connect(Driver made, HostileModbusServer there) {
    return bench.device(there.port());
  }

  @AfterEach
  void closeConnections() {
    bench.close();
  }
}
