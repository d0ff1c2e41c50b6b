package io.snaprail.api.mqtt;

/**
 * An HTTP proxy that connects to the broker (CONNECT, RFC 9110, 9.3.6). It finds the broker's
 * address; with TLS it sees nothing of what is said.
 *
 * @param host name or address of the proxy
 * @param port 1..65535
 * @param login for the Basic scheme (RFC 7617)
 */
public record ProxySettings(String host, int port, Login login) {
  private static final String KEY = "proxy";

  /** Checks; each message names the setting, what is expected and what was found. */
  public ProxySettings {
    Checks.require(!host.isBlank() && !host.contains("/"), KEY, "host:port", host);
    Checks.require(port >= 1 && port <= 65535, KEY, "a port of 1..65535", port);
    login.check("proxy.user");
    // RFC 7617, 2: the first colon ends the name.
    Checks.require(login.user().indexOf(':') < 0, "proxy.user", "no colon", login.user());
  }

  /**
   * Reads {@code host:port}; an IPv6 address stands in brackets.
   *
   * @throws IllegalArgumentException when it is wrong; the message names key, expected and found
   */
  public static ProxySettings of(String text, Login login) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > 0 && text.substring(colon + 1).matches("[0-9]{1,5}");
    Checks.require(hasPort, KEY, "host:port without 'http://'", text);
    String host = text.substring(0, colon);
    boolean literal = host.startsWith("[") && host.endsWith("]");
    Checks.require(
        literal || host.indexOf(':') < 0, KEY, "host:port, an IPv6 address in brackets", text);
    return new ProxySettings(
        literal ? host.substring(1, host.length() - 1) : host,
        Integer.parseInt(text.substring(colon + 1)),
        login);
  }

  /** The proxy as people write it. */
  public String text() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }
}
