package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThatNoException;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Wire;
import java.io.IOException;
import java.util.List;

/** A device and a server of the test kit, on any transport. */
final class ModbusRig implements DeviceRig {
  private final HostileModbusServer server;
  private final Driver driver = new Driver();
  private final NetworkDevice device;
  private final boolean slowToConnect;

  ModbusRig(Wire wire) throws IOException {
    server = HostileModbusServer.start(wire);
    device = driver.deviceOf(server, 1);
    slowToConnect = false;
    fill();
  }

  /** The same with a server and a device that were made elsewhere. */
  ModbusRig(HostileModbusServer server, NetworkDevice device) {
    this.server = server;
    this.device = device;
    slowToConnect = true;
    fill();
  }

  private void fill() {
    server.unit(1).set(Area.HOLDING, 10, 0x42f6, 0xe979).set(Area.COIL, 3, 1);
  }

  int port() {
    return server.port();
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
    if (slowToConnect) {
      // It is the answer that stays away, and not the handshake that takes too long.
      assertThatNoException().isThrownBy(() -> Driver.read(Driver.plan(device, readable().get(0))));
    }
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
    device.close();
  }

  @Override
  public void close() {
    driver.close();
    server.close();
  }
}
