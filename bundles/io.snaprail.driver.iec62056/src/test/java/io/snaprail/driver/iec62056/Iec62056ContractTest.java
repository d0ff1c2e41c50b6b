package io.snaprail.driver.iec62056;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.iec62056.internal.IecConfig;
import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.TypedConfig;
import io.snaprail.testkit.serial.ScriptedPort;
import java.util.List;
import java.util.Map;

/** A meter of mode C. */
class Iec62056ContractTest extends DriverContract {
  @Override
  protected DeviceRig createRig() {
    return new Rig();
  }

  private static final class Rig implements DeviceRig {
    private final TestMeter meter = new TestMeter();
    private final ScriptedPort port = meter.port;
    private final Iec62056Ports ports = new Iec62056Ports(port);
    private final Iec62056Device device =
        new Iec62056Device(
            TypedConfig.of(IecConfig.class, Map.of("port", "/dev/ttyTEST", "retries", 5)), ports);

    @Override
    public Device device() {
      return device;
    }

    @Override
    public List<PointDefinition> readable() {
      return List.of(
          TestPoints.readable("a", "1.8.0", "number"),
          TestPoints.readable("b", "0.2.0", "number"),
          TestPoints.readable("c", "identification", "text"));
    }

    @Override
    public PointDefinition unreadable() {
      return TestPoints.readable("bad", "a b", "number");
    }

    @Override
    public boolean writes() {
      return false;
    }

    @Override
    public PointDefinition unwritable() {
      return TestPoints.writable("ro", "1.8.0", "number");
    }

    @Override
    public int requests() {
      return port.heard();
    }

    @Override
    public void fallSilent() {
      port.silent(true);
    }

    @Override
    public void vanish() {
      port.gone(true);
    }

    @Override
    public void heal() {
      port.silent(false);
      port.gone(false);
    }

    @Override
    public void deactivate() {
      device.deactivate();
    }

    @Override
    public void close() {
      ports.deactivate();
    }
  }
}
