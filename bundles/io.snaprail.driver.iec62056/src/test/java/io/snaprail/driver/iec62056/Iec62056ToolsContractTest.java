package io.snaprail.driver.iec62056;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.testkit.DriverToolsContract;
import io.snaprail.testkit.serial.ScriptedPort;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The tool, at a meter. */
class Iec62056ToolsContractTest extends DriverToolsContract {
  private final TestMeter meter = new TestMeter();
  private final ScriptedPort port = meter.port;
  private final Iec62056Ports ports = new Iec62056Ports(port);

  @AfterEach
  void close() {
    ports.deactivate();
  }

  @Override
  protected DriverTools tools() {
    return new Iec62056Tools(ports);
  }

  @Override
  protected String pid() {
    return Iec62056Device.PID;
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of("port", "/dev/ttyTEST", "retries", 0L);
  }

  @Override
  protected Map.Entry<String, Object> wrong() {
    return Map.entry("baud", 123L);
  }

  @Override
  protected int requests() {
    return port.heard();
  }
}
