package io.snaprail.driver.modbus.internal.tls;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Who talks to whom over TLS.
 *
 * @param host name or address of the device
 * @param port 1..65535
 * @param identity in the certificate store, shown to the device
 * @param roots set in the certificate store that the device's certificate must come from; empty for
 *     the JDK's
 * @param serverName the name or address that the device's certificate must be for
 */
public record TlsTarget(String host, int port, String identity, String roots, String serverName) {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static TlsTarget of(
      String host, int port, String identity, String roots, String serverName) {
    if (identity.isBlank()) {
      throw new IllegalArgumentException(
          "identity: expected the name of an identity in the certificate store, as the device wants"
              + " to know with whom it speaks; found nothing");
    }
    String name = serverName.trim().toLowerCase(Locale.ROOT);
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    }
    return new TlsTarget(host, port, identity.trim(), roots.trim(), name.isEmpty() ? host : name);
  }

  /** Whether the device is known by an address, which is never sent as a name (RFC 6066, 3). */
  boolean byAddress() {
    return ADDRESS.matcher(serverName).matches();
  }

  /**
   * What tells connections to one host and port apart: who proves himself as somebody else, or asks
   * for another proof, has a connection of his own.
   */
  public String variant() {
    StringBuilder variant = new StringBuilder(";identity=").append(identity);
    if (!roots.isEmpty()) {
      variant.append(";roots=").append(roots);
    }
    if (!serverName.equals(host)) {
      variant.append(";name=").append(serverName);
    }
    return variant.toString();
  }
}
