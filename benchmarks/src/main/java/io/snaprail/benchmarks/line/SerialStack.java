package io.snaprail.benchmarks.line;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.driver.modbus.ModbusRtuDevice;
import io.snaprail.driver.modbus.internal.SerialConfig;
import io.snaprail.driver.modbus.internal.serial.SerialBuses;
import io.snaprail.serial.SerialPortsComponent;
import io.snaprail.testkit.TestPoints;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.osgi.framework.BundleContext;

/** The port service and the driver, wired by hand instead of by the framework. */
final class SerialStack implements AutoCloseable {
  private final SerialBuses buses = new SerialBuses();
  private final List<ModbusRtuDevice> devices = new ArrayList<>();

  SerialStack() throws IOException {
    String data = Files.createTempDirectory("snaprail-benchmark").toString();
    BundleContext context =
        proxy(
            BundleContext.class,
            (name, otherwise) -> RuntimeProperties.DATA_DIR.equals(name) ? data : otherwise);
    buses.bindPorts(new SerialPortsComponent(context));
  }

  /** Keys and values in turn, beside the port. */
  Device device(Path port, Object... keysAndValues) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.pid", "io.snaprail.driver.modbus.rtu~benchmark");
    properties.put("port", port.toString());
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    ModbusRtuDevice device =
        new ModbusRtuDevice(config(SerialConfig.class, properties), properties, buses);
    devices.add(device);
    return device;
  }

  private static <T> T config(Class<T> form, Map<String, Object> properties) {
    return form.cast(
        Proxy.newProxyInstance(
            form.getClassLoader(),
            new Class<?>[] {form},
            (proxy, method, arguments) ->
                properties.getOrDefault(
                    method.getName().replace('_', '.'), method.getDefaultValue())));
  }

  /** Answers methods of one argument by it. */
  private interface Answer {
    Object to(Object argument, Object otherwise);
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            SerialStack.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answer.to(arguments[0], "")));
  }

  /** One point a register. */
  static List<PointDefinition> registers(IntStream addresses) {
    return addresses.mapToObj(a -> TestPoints.readable("p" + a, "holding:" + a, "uint16")).toList();
  }

  @Override
  public void close() {
    devices.forEach(ModbusRtuDevice::deactivate);
    buses.deactivate();
  }
}
