package io.snaprail.driver.modbus;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.testkit.DriverToolsContract;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The tools of the Modbus driver keep to the contract of every driver's. */
@ParameterizedClass
@EnumSource
class ModbusToolsContractTest extends DriverToolsContract {
  private final Wire wire;
  private final Driver driver = new Driver();
  private final DriverTools tools = driver.tools();
  private HostileModbusServer server;

  ModbusToolsContractTest(Wire wire) {
    this.wire = wire;
  }

  @BeforeEach
  void start() throws IOException {
    server = HostileModbusServer.start(wire);
    server.unit(1);
  }

  @AfterEach
  void stop() {
    driver.close();
    server.close();
  }

  @Override
  protected DriverTools tools() {
    return tools;
  }

  @Override
  protected String pid() {
    return Driver.pid(wire);
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of("host", "127.0.0.1", "port", (long) server.port());
  }

  @Override
  protected Map.Entry<String, Object> wrong() {
    return Map.entry("unit", 256L);
  }

  @Override
  protected int requests() {
    return server.received();
  }
}
