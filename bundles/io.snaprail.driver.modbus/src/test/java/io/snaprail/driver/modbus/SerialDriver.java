package io.snaprail.driver.modbus;

import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.driver.modbus.internal.SerialConfig;
import io.snaprail.driver.modbus.internal.serial.SerialBuses;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.serial.SerialPortsComponent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.framework.BundleContext;

/** The serial components of the bundle, and the real port service, wired by hand. */
final class SerialDriver implements AutoCloseable {
  /** One for all tests: the native library is loaded once in a virtual machine. */
  private static final Path DATA = dataFolder();

  final SerialBuses buses = new SerialBuses();
  final SerialPortsComponent ports = ports();

  SerialDriver() {
    buses.bindPorts(ports);
  }

  /** Keys and values in turn, beside the port. */
  SerialDevice device(SerialMode mode, Path port, Object... keysAndValues) {
    Map<String, Object> properties = TestConfig.properties(keysAndValues);
    properties.put("port", port.toString());
    return device(mode, properties);
  }

  /** As configured. */
  SerialDevice device(SerialMode mode, Map<String, Object> properties) {
    SerialConfig config = TestConfig.of(SerialConfig.class, properties);
    return mode == SerialMode.RTU
        ? new ModbusRtuDevice(config, properties, buses)
        : new ModbusAsciiDevice(config, properties, buses);
  }

  private static SerialPortsComponent ports() {
    BundleContext context =
        (BundleContext)
            Proxy.newProxyInstance(
                SerialDriver.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                SerialDriver::framework);
    return new SerialPortsComponent(context);
  }

  private static Object framework(Object proxy, Method method, Object[] arguments) {
    if (method.getName().equals("getProperty") && arguments[0].equals(RuntimeProperties.DATA_DIR)) {
      return DATA.toString();
    }
    throw new UnsupportedOperationException(method.getName());
  }

  private static Path dataFolder() {
    try {
      Path folder = Files.createTempDirectory("snaprail-serial-tests");
      folder.toFile().deleteOnExit();
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    buses.deactivate();
    try {
      Method deactivate = SerialPortsComponent.class.getDeclaredMethod("deactivate");
      deactivate.setAccessible(true);
      deactivate.invoke(ports);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
