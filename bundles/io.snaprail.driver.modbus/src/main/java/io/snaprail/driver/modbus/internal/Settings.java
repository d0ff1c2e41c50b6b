package io.snaprail.driver.modbus.internal;

import io.snaprail.driver.modbus.internal.connection.ConnectionSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The checked settings of a device with a host and a port.
 *
 * @param host name or address, never empty, in lower case
 * @param port 1..65535
 * @param connection how its connection is used
 * @param unit what does not depend on the transport
 */
public record Settings(String host, int port, ConnectionSettings connection, UnitSettings unit) {
  /**
   * How many requests the device may have before it at once, 1..16, default 1: only on Modbus TCP,
   * where an answer tells to which request it belongs.
   */
  static final String OUTSTANDING = "max.outstanding";

  /** Port, 1..65535; not in the typed form, as the usual one is not the same everywhere. */
  private static final String PORT = "port";

  private static final int MAX_PORT = 65_535;
  private static final int MAX_UNIT = 255;
  private static final int MIN_CONNECT_MS = 10;
  private static final int MAX_CONNECT_MS = 60_000;
  private static final int MAX_CONNECTIONS = 16;
  private static final int MAX_OUTSTANDING = 16;
  private static final int MAX_IDLE_S = 86_400;

  /**
   * Checks a configuration.
   *
   * @param usualPort the port when none is configured
   * @param config as the component sees it
   * @param properties the same as it was configured, to find what was lost on the way
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static Settings of(int usualPort, TcpConfig config, Map<String, Object> properties) {
    Checks checks = new Checks(properties);
    UnitSettings unit =
        new UnitSettings(
            checks.range("unit", config.unit(), 0, MAX_UNIT),
            config.zero_based(),
            WriteFunction.of(config.write_function(), config.write_multiple()),
            UnitSettings.limits(checks, config.max_registers(), config.max_gap()),
            UnitSettings.requestTimeout(checks, config.request_timeout_ms()),
            UnitSettings.pause(checks, config.pause_ms()));
    return new Settings(
        host(config.host()),
        checks.whole(PORT, usualPort, 1, MAX_PORT),
        connection(config, unit.unit(), checks),
        unit);
  }

  /** The units are dealt out to the connections in turn, so that a unit always has the same one. */
  private static ConnectionSettings connection(TcpConfig config, int unit, Checks checks) {
    int connections = checks.range("max.connections", config.max_connections(), 1, MAX_CONNECTIONS);
    int connect =
        checks.range(
            "connect.timeout.ms", config.connect_timeout_ms(), MIN_CONNECT_MS, MAX_CONNECT_MS);
    int idle = checks.range("connection.idle.s", config.connection_idle_s(), 0, MAX_IDLE_S);
    return new ConnectionSettings(
        Duration.ofMillis(connect),
        1 + Math.floorMod(unit - 1, connections),
        checks.whole(OUTSTANDING, 1, 1, MAX_OUTSTANDING),
        Duration.ofSeconds(idle),
        config.connection_keep());
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
    private static final Pattern DIGITS = Pattern.compile(" *[0-9]{1,9} *");

    int range(String key, int value, int min, int max) {
      return range(key, properties.get(key), value, min, max);
    }

    private static int range(String key, @Nullable Object configured, int value, int min, int max) {
      // A number that is not whole, or too large, has been cut to size on its way here.
      boolean cut = configured instanceof Number number && number.doubleValue() != value;
      if (cut || value < min || value > max) {
        throw new IllegalArgumentException(
            key + ": expected " + min + ".." + max + ", found " + (cut ? configured : value));
      }
      return value;
    }

    /** A number that is not in the typed form of the configuration. */
    int whole(String key, int otherwise, int min, int max) {
      Object configured = properties.getOrDefault(key, otherwise);
      if (configured instanceof String text && DIGITS.matcher(text).matches()) {
        configured = Integer.valueOf(text.trim());
      }
      if (!(configured instanceof Number number)) {
        throw new IllegalArgumentException(
            key + ": expected " + min + ".." + max + ", found '" + configured + "'");
      }
      return range(key, configured, number.intValue(), min, max);
    }
  }
}
