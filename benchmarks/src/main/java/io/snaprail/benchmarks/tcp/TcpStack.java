package io.snaprail.benchmarks.tcp;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.driver.modbus.ModbusTcpDevice;
import io.snaprail.driver.modbus.internal.TcpForm;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.TypedConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The driver, wired by hand instead of by the framework. */
final class TcpStack implements AutoCloseable {
  private final ConnectionPool connections = new ConnectionPool();
  private final List<ModbusTcpDevice> devices = new ArrayList<>();
  private final int port;

  /** Devices on a port of this host. */
  TcpStack(int port) {
    this.port = port;
  }

  /**
   * A plan of one point a register, of a device of its own; settings are keys and values in turn.
   */
  AsyncReadPlan plan(IntStream registers, Object... settings) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.pid", "io.snaprail.driver.modbus.tcp~benchmark");
    properties.put("host", "127.0.0.1");
    properties.put("port", port);
    for (int i = 0; i < settings.length; i += 2) {
      properties.put((String) settings[i], settings[i + 1]);
    }
    ModbusTcpDevice device =
        new ModbusTcpDevice(TypedConfig.of(TcpForm.class, properties), properties, connections);
    devices.add(device);
    return (AsyncReadPlan)
        device.compile(
            registers
                .mapToObj(a -> TestPoints.readable("p" + a, "holding:" + a, "uint16"))
                .toList(),
            (index, message) -> {
              throw new IllegalStateException(message);
            });
  }

  @Override
  public void close() {
    devices.forEach(ModbusTcpDevice::deactivate);
    connections.deactivate();
  }
}
