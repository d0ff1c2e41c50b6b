package io.snaprail.driver.sml;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.testkit.DriverToolsContract;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The tool, at a meter. */
class SmlToolsContractTest extends DriverToolsContract {
  private final PushingMeter meter = new PushingMeter(Telegrams.bytes("ITRON_OpenWay-3.HZ"));
  private final SmlPorts ports = new SmlPorts(meter.port);

  @AfterEach
  void close() {
    ports.deactivate();
    meter.close();
  }

  @Override
  protected DriverTools tools() {
    return new SmlTools(ports);
  }

  @Override
  protected String pid() {
    return SmlDevice.PID;
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of("port", "/dev/ttyTEST");
  }

  @Override
  protected Map.Entry<String, Object> wrong() {
    return Map.entry("baud", 50L);
  }

  @Override
  protected int requests() {
    return meter.port.reads();
  }
}
