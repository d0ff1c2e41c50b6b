package io.snaprail.api.serial;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Objects;

/** Where a serial port is, parsed from the setting {@code port}. */
public sealed interface SerialAddress {
  /**
   * A port of this machine.
   *
   * @param name a path such as {@code /dev/ttyUSB0}, or a name without a slash, which is looked up
   *     in {@code /dev/serial/by-id}, {@code /dev/serial/by-path} and {@code /dev}, in this order
   */
  record Local(String name) implements SerialAddress {
    /** Checks that it is a path or a plain name. */
    public Local {
      boolean path = name.startsWith("/");
      if (name.isBlank()
          || name.chars().anyMatch(Character::isISOControl)
          || (!path && (name.contains("/") || name.startsWith(".")))) {
        throw SerialAddress.unknown(name);
      }
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A port behind a TCP server that passes bytes on as they are. The server has the settings of the
   * line; those given here serve for timing only.
   *
   * @param host name or address
   * @param port 1..65535
   */
  record Tcp(String host, int port) implements SerialAddress {
    /** Checks host and port. */
    public Tcp {
      SerialAddress.requireEndpoint(host, port);
    }

    @Override
    public String toString() {
      return "tcp://" + host + ":" + port;
    }
  }

  /**
   * A port behind a server that speaks RFC 2217 and takes the settings of the line from here.
   *
   * @param host name or address
   * @param port 1..65535
   */
  record Rfc2217(String host, int port) implements SerialAddress {
    /** Checks host and port. */
    public Rfc2217 {
      SerialAddress.requireEndpoint(host, port);
    }

    @Override
    public String toString() {
      return "rfc2217://" + host + ":" + port;
    }
  }

  /**
   * Reads the setting {@code port}.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  static SerialAddress parse(String text) {
    String trimmed = Objects.requireNonNull(text, "port").strip();
    int scheme = trimmed.indexOf("://");
    if (scheme < 0) {
      return new Local(trimmed);
    }
    try {
      URI uri = new URI(trimmed);
      String rest = uri.getRawAuthority();
      String host = uri.getHost();
      boolean plain =
          host != null
              && rest.equals(host + ":" + uri.getPort())
              && trimmed.length() == scheme + 3 + rest.length();
      if (plain) {
        return switch (trimmed.substring(0, scheme).toLowerCase(Locale.ROOT)) {
          case "tcp" -> new Tcp(host.toLowerCase(Locale.ROOT), uri.getPort());
          case "rfc2217" -> new Rfc2217(host.toLowerCase(Locale.ROOT), uri.getPort());
          default -> throw unknown(text);
        };
      }
    } catch (URISyntaxException notAnAddress) {
      throw new IllegalArgumentException(unknown(text).getMessage(), notAnAddress);
    }
    throw unknown(text);
  }

  private static void requireEndpoint(String host, int port) {
    if (host.isBlank() || port < 1 || port > 65_535) {
      throw unknown(host + ":" + port);
    }
  }

  private static IllegalArgumentException unknown(String found) {
    return new IllegalArgumentException(
        "port: expected a path such as /dev/ttyUSB0, a name from /dev/serial/by-id,"
            + " tcp://HOST:PORT or rfc2217://HOST:PORT, found '"
            + found
            + "'");
  }
}
