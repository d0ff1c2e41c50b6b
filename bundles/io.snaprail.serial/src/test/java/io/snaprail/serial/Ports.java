package io.snaprail.serial;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialSettings;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/** The service as the tests use it. */
final class Ports {
  static final Duration LONG = Duration.ofSeconds(5);

  private Ports() {}

  static SerialPortsComponent service(Path folder) {
    return new SerialPortsComponent(folder.resolve("native"), Path.of("/sys"), Path.of("/dev"));
  }

  static Deadline within(Duration time) {
    return Deadline.in(time);
  }

  static Deadline soon() {
    return Deadline.in(LONG);
  }

  static Deadline millis(long millis) {
    return Deadline.in(Duration.ofMillis(millis));
  }

  static SerialLease lease(SerialPortsComponent service, Path port, int baud)
      throws SerialException {
    return service.lease(SerialSettings.of(port.toString(), baud), "test " + port.getFileName());
  }

  /** Reads until so many bytes have come or the time is over. */
  static byte[] readAll(SerialConnection from, int count) throws SerialException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[4096];
    Deadline deadline = soon();
    while (all.size() < count && !deadline.expired()) {
      int read = from.read(buffer, deadline);
      all.write(buffer, 0, read);
    }
    return all.toByteArray();
  }

  static byte[] everyByte() {
    byte[] bytes = new byte[512];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i ^ i >> 8);
    }
    return bytes;
  }

  /** Keeps the last report. */
  static final class Board implements ProblemBoard {
    final ConcurrentHashMap<String, List<Problem>> bySource = new ConcurrentHashMap<>();

    @Override
    public void report(String source, List<Problem> problems) {
      bySource.put(source, List.copyOf(problems));
    }

    @Override
    public List<Entry> problems() {
      return List.of();
    }

    List<Problem> all() {
      return bySource.getOrDefault("io.snaprail.serial", List.of());
    }
  }
}
