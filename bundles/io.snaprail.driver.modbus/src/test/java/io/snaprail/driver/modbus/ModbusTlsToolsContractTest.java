package io.snaprail.driver.modbus;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.driver.modbus.internal.serial.SerialBuses;
import io.snaprail.testkit.DriverToolsContract;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The tools keep to the contract over TLS too. */
class ModbusTlsToolsContractTest extends DriverToolsContract {
  @TempDir Path folder;
  private TlsBench bench;
  private DriverTools tools;
  private HostileModbusServer server;

  @BeforeEach
  void start() throws Exception {
    bench = new TlsBench(folder);
    tools = new ModbusTools(bench.pool, new SerialBuses(), bench.keys);
    server = bench.server();
    server.unit(1);
  }

  @AfterEach
  void stop() {
    bench.close();
    server.close();
  }

  @Override
  protected DriverTools tools() {
    return tools;
  }

  @Override
  protected String pid() {
    return ModbusTlsDevice.PID;
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of(
        "host",
        "127.0.0.1",
        "port",
        (long) server.port(),
        "identity",
        "gateway",
        "roots",
        TlsBench.PLANT);
  }

  @Override
  protected Map.Entry<String, Object> wrong() {
    return Map.entry("identity", "");
  }

  @Override
  protected int requests() {
    return server.received();
  }
}
