package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.io.IOException;
import java.util.List;

/** The Modbus driver keeps to the contract of every driver. */
class ModbusTcpContractTest extends DriverContract {

  @Override
  protected DeviceRig createRig() throws IOException {
    return new Rig();
  }

  private static final class Rig implements DeviceRig {
    private final HostileModbusServer server = HostileModbusServer.start();
    private final Driver driver = new Driver();
    private final ModbusTcpDevice device = driver.device(server, 1);

    Rig() throws IOException {
      server.unit(1).set(Area.HOLDING, 10, 0x42f6, 0xe979).set(Area.COIL, 3, 1);
    }

    @Override
    public Device device() {
      return device;
    }

    @Override
    public List<PointDefinition> readable() {
      return List.of(
          TestPoints.readable("a", "holding:10", "float32"),
          TestPoints.readable("b", "input:900", "int16"),
          TestPoints.readable("c", "coil:3", "bool"));
    }

    @Override
    public PointDefinition unreadable() {
      return TestPoints.readable("bad", "holding:70000", "int16");
    }

    @Override
    public PointDefinition writable() {
      return TestPoints.writable("w", "holding:200", "uint16");
    }

    @Override
    public List<Value> values() {
      return List.of(new Value.Int(1), new Value.Int(65_535));
    }

    @Override
    public Value outOfRange() {
      return new Value.Int(70_000);
    }

    @Override
    public PointDefinition unwritable() {
      return TestPoints.writable("ro", "input:1", "int16");
    }

    @Override
    public int requests() {
      return server.received();
    }

    @Override
    public void fallSilent() {
      server.always(Behaviour.silence());
    }

    @Override
    public void vanish() {
      server.vanish();
    }

    @Override
    public void heal() {
      server.comeBack();
      server.honest();
    }

    @Override
    public void deactivate() {
      device.deactivate();
    }

    @Override
    public void close() {
      driver.close();
      server.close();
    }
  }
}
