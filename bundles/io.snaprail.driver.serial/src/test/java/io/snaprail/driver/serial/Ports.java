package io.snaprail.driver.serial;

import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.driver.serial.internal.line.SerialLines;
import io.snaprail.serial.SerialPortsComponent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.framework.BundleContext;

/** The real port service and the lines of the driver, wired by hand. */
final class Ports implements AutoCloseable {
  /** One for all tests: the native library is loaded once in a virtual machine. */
  private static final Path DATA = dataFolder();

  private final SerialPortsComponent ports = ports();
  final SerialLines lines = new SerialLines(ports);

  SerialSensor sensor(Object... keysAndValues) {
    Map<String, Object> properties = TestConfig.properties(keysAndValues);
    return TestConfig.sensor(properties, lines);
  }

  private static SerialPortsComponent ports() {
    BundleContext context =
        (BundleContext)
            Proxy.newProxyInstance(
                Ports.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                Ports::framework);
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
    lines.deactivate();
    try {
      Method deactivate = SerialPortsComponent.class.getDeclaredMethod("deactivate");
      deactivate.setAccessible(true);
      deactivate.invoke(ports);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
