package io.snaprail.mqtt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's own name, without asking a name service, which may take seconds. For topics and
 * client ids: whatever is not a letter, digit, {@code _ - .} becomes {@code _}.
 */
final class HostName {
  private static final Logger LOG = LoggerFactory.getLogger(HostName.class);
  private static final Path KERNEL = Path.of("/proc/sys/kernel/hostname");
  private static final String UNKNOWN = "gateway";

  private HostName() {}

  static String get() {
    return safe(read());
  }

  private static String read() {
    if (Files.isReadable(KERNEL)) {
      try {
        return Files.readString(KERNEL).strip();
      } catch (IOException e) {
        LOG.debug("{} cannot be read", KERNEL, e);
      }
    }
    Map<String, String> environment = System.getenv();
    return environment.getOrDefault("HOSTNAME", environment.getOrDefault("COMPUTERNAME", UNKNOWN));
  }

  static String safe(String name) {
    return name.isBlank() ? UNKNOWN : name.replaceAll("[^A-Za-z0-9_.-]", "_");
  }
}
