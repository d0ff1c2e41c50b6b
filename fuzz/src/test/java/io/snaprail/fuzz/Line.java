package io.snaprail.fuzz;

import io.snaprail.api.driver.Device;
import io.snaprail.driver.modbus.ModbusTcpDevice;
import io.snaprail.driver.modbus.ModbusUdpDevice;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.driver.modbus.internal.UdpConfig;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.connection.Waits;
import io.snaprail.testkit.TypedConfig;
import io.snaprail.testkit.modbus.Wire;
import java.time.Duration;
import java.util.Map;

/** A device and a connection of its own, on a loopback port. */
final class Line implements AutoCloseable {
  static final int UNIT = 17;

  private final ConnectionPool pool =
      new ConnectionPool(new Waits(Duration.ofSeconds(1), Duration.ofMillis(1)));
  private final Device device;

  Line(Wire wire, int port) {
    Map<String, Object> properties =
        Map.of("service.pid", "fuzz", "host", "127.0.0.1", "port", port, "unit", UNIT);
    device =
        wire == Wire.UDP
            ? new ModbusUdpDevice(TypedConfig.of(UdpConfig.class, properties), properties, pool)
            : new ModbusTcpDevice(TypedConfig.of(TcpConfig.class, properties), properties, pool);
  }

  Device device() {
    return device;
  }

  @Override
  public void close() {
    pool.deactivate();
  }
}
