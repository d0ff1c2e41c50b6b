package io.snaprail.driver.mbus;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.Tool;
import io.snaprail.testkit.DriverToolsContract;
import io.snaprail.testkit.serial.ScriptedPort;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The tools, at a bus with one meter. */
class MbusToolsContractTest extends DriverToolsContract {
  private final TestBus bus = new TestBus();
  private final ScriptedPort port = new ScriptedPort(bus::answer);
  private final MbusPorts ports = new MbusPorts(port);

  MbusToolsContractTest() {
    bus.add(5, 9600, Telegrams.bytes("EFE_Engelmann-WaterStar"));
  }

  @AfterEach
  void close() {
    ports.deactivate();
  }

  @Override
  protected DriverTools tools() {
    return new MbusTools(ports);
  }

  @Override
  protected String pid() {
    return MbusDevice.PID;
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of("port", "/dev/ttyTEST", "address", "5", "baud", 9600L, "retries", 0L);
  }

  @Override
  protected Map.Entry<String, Object> wrong() {
    return Map.entry("baud", 1234L);
  }

  @Override
  protected int requests() {
    return port.heard();
  }

  /** Two hundred and fifty addresses where nobody is would take a minute. */
  @Override
  protected Map<String, String> parameters(Tool tool) {
    Map<String, String> parameters = new HashMap<>(super.parameters(tool));
    parameters.replace("first", "4");
    parameters.replace("last", "6");
    return parameters;
  }
}
