package io.snaprail.driver.modbus.internal;

import java.util.Locale;
import java.util.Map;

/**
 * The checked settings of a device.
 *
 * @param host name or address, never empty, in lower case
 * @param port 1..65535
 * @param unit 0..255
 * @param zeroBased whether {@code holding:0} is the first register; else {@code holding:1} is
 * @param writeMultiple whether single values are written with functions 15 and 16 too
 * @param limits how far reads are merged
 * @param connectTimeoutMs 10..60,000
 */
public record Settings(
    String host,
    int port,
    int unit,
    boolean zeroBased,
    boolean writeMultiple,
    ReadPlanner.Limits limits,
    int connectTimeoutMs) {
  private static final int MAX_PORT = 65_535;
  private static final int MAX_UNIT = 255;
  private static final int MAX_REGISTERS = 125;
  private static final int MIN_CONNECT_MS = 10;
  private static final int MAX_CONNECT_MS = 60_000;

  /**
   * Checks a configuration.
   *
   * @param config as the component sees it
   * @param properties the same as it was configured, to find what was lost on the way
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static Settings of(TcpConfig config, Map<String, Object> properties) {
    Checks checks = new Checks(properties);
    return new Settings(
        host(config.host()),
        checks.range("port", config.port(), 1, MAX_PORT),
        checks.range("unit", config.unit(), 0, MAX_UNIT),
        config.zero_based(),
        config.write_multiple(),
        new ReadPlanner.Limits(
            checks.range("max.registers", config.max_registers(), 1, MAX_REGISTERS),
            checks.range("max.gap", config.max_gap(), 0, MAX_REGISTERS - 1)),
        checks.range(
            "connect.timeout.ms", config.connect_timeout_ms(), MIN_CONNECT_MS, MAX_CONNECT_MS));
  }

  private static String host(String configured) {
    String host = configured.trim().toLowerCase(Locale.ROOT);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty()) {
      throw new IllegalArgumentException(
          "host: expected the name or address of the device, such as 10.0.0.5; found nothing");
    }
    if (host.chars().anyMatch(c -> Character.isWhitespace(c) || c == '/')) {
      throw new IllegalArgumentException(
          "host: expected a name or an address, with the port under 'port'; found '"
              + configured
              + "'");
    }
    return host;
  }

  record Checks(Map<String, Object> properties) {
    int range(String key, int value, int min, int max) {
      Object configured = properties.get(key);
      // A number that is not whole, or too large, has been cut to size on its way here.
      boolean cut = configured instanceof Number number && number.doubleValue() != value;
      if (cut || value < min || value > max) {
        throw new IllegalArgumentException(
            key + ": expected " + min + ".." + max + ", found " + (cut ? configured : value));
      }
      return value;
    }
  }
}
