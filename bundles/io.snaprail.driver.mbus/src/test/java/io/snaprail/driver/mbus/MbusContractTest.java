package io.snaprail.driver.mbus;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.mbus.internal.MbusConfig;
import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.TypedConfig;
import io.snaprail.testkit.serial.ScriptedPort;
import java.util.List;
import java.util.Map;

/** A water meter on a bus of its own. */
class MbusContractTest extends DriverContract {
  @Override
  protected DeviceRig createRig() {
    return new Rig();
  }

  private static final class Rig implements DeviceRig {
    private final TestBus bus = new TestBus();
    private final ScriptedPort port = new ScriptedPort(bus::answer);
    private final MbusPorts ports = new MbusPorts(port);
    private final MbusDevice device =
        new MbusDevice(
            TypedConfig.of(
                MbusConfig.class,
                Map.of("port", "/dev/ttyTEST", "address", "5", "answer.margin.ms", 10_000)),
            ports);

    Rig() {
      bus.add(5, 2400, Telegrams.bytes("EFE_Engelmann-WaterStar"));
    }

    @Override
    public Device device() {
      return device;
    }

    @Override
    public List<PointDefinition> readable() {
      return List.of(
          TestPoints.readable("a", "volume", "number"),
          TestPoints.readable("b", "date", "text"),
          TestPoints.readable("c", "header:manufacturer", "text"));
    }

    @Override
    public PointDefinition unreadable() {
      return TestPoints.readable("bad", "volumes", "number");
    }

    @Override
    public boolean writes() {
      return false;
    }

    @Override
    public PointDefinition unwritable() {
      return TestPoints.writable("ro", "volume", "number");
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
