package io.snaprail.driver.sml;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.sml.internal.SmlConfig;
import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.TypedConfig;
import java.util.List;
import java.util.Map;

/** A meter that sends by itself. */
class SmlContractTest extends DriverContract {
  @Override
  protected DeviceRig createRig() {
    return new Rig();
  }

  private static final class Rig implements DeviceRig {
    private static final byte[] GOOD = Telegrams.bytes("ITRON_OpenWay-3.HZ");
    private final PushingMeter meter = new PushingMeter(GOOD);
    private final SmlPorts ports = new SmlPorts(meter.port);
    private final SmlDevice device =
        new SmlDevice(TypedConfig.of(SmlConfig.class, Map.of("port", "/dev/ttyTEST")), ports);

    @Override
    public Device device() {
      return device;
    }

    @Override
    public List<PointDefinition> readable() {
      return List.of(
          TestPoints.readable("a", "1-0:1.8.0*255", "number"),
          TestPoints.readable("b", "16.7.0", "number"),
          TestPoints.readable("c", "server-id", "text"));
    }

    @Override
    public PointDefinition unreadable() {
      return TestPoints.readable("bad", "1.8", "number");
    }

    @Override
    public boolean writes() {
      return false;
    }

    @Override
    public PointDefinition unwritable() {
      return TestPoints.writable("ro", "1.8.0", "number");
    }

    /** Nothing is ever sent: that somebody waits is what there is. */
    @Override
    public int requests() {
      return meter.port.reads();
    }

    @Override
    public void fallSilent() {
      meter.telegram = new byte[0];
    }

    @Override
    public void vanish() {
      meter.port.gone(true);
    }

    @Override
    public void heal() {
      meter.port.gone(false);
      meter.telegram = GOOD;
    }

    @Override
    public void deactivate() {
      device.deactivate();
    }

    @Override
    public void close() {
      ports.deactivate();
      meter.close();
    }
  }
}
