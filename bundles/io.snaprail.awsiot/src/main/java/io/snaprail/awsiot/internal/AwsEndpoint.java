package io.snaprail.awsiot.internal;

import java.util.List;

/**
 * Where to connect to.
 *
 * @param host such as {@code abc-ats.iot.eu-central-1.amazonaws.com}, a custom domain, a VPC
 *     endpoint's name or the local endpoint's
 * @param port 1..65535
 * @param serverName name that is asked for (SNI) and checked in the certificate, where it is not
 *     the host's; empty for the host
 */
public record AwsEndpoint(String host, int port, String serverName) {

  /**
   * Reads an endpoint.
   *
   * @param endpoint host, or host:port; an IPv6 address with a port stands in brackets
   * @param port for an endpoint without one
   * @throws IllegalArgumentException when it is wrong; the message names key, expected and found
   */
  public static AwsEndpoint parse(String endpoint, int port) {
    String text = endpoint.strip();
    if (text.isEmpty() || text.contains("/") || text.chars().anyMatch(Character::isWhitespace)) {
      throw wrong(
          "the host name that the AWS console shows under Settings, or host:port, without"
              + " 'https://'",
          endpoint);
    }
    int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      String behind = text.substring(bracket + 1);
      return behind.isEmpty()
          ? new AwsEndpoint(text.substring(1, bracket), port, "")
          : at(text.substring(1, bracket), behind, endpoint);
    }
    int colon = text.indexOf(':');
    // More than one colon: a literal IPv6 address.
    return colon < 0 || text.indexOf(':', colon + 1) >= 0
        ? new AwsEndpoint(text, port, "")
        : at(text.substring(0, colon), text.substring(colon), endpoint);
  }

  /** The same under another name in TLS; an empty one is the host's. */
  public AwsEndpoint named(String name) {
    return new AwsEndpoint(host, port, name);
  }

  /** Application protocols to offer in TLS: the same for every name that AWS answers to. */
  public List<String> alpn() {
    return port == AwsLimits.PORT_HTTPS ? List.of(AwsLimits.ALPN) : List.of();
  }

  private static AwsEndpoint at(String host, String port, String endpoint) {
    if (!port.matches(":[0-9]{1,5}")) {
      throw wrong("a number behind the colon", endpoint);
    }
    return new AwsEndpoint(host, Integer.parseInt(port.substring(1)), "");
  }

  private static IllegalArgumentException wrong(String expected, String found) {
    return new IllegalArgumentException(
        "endpoint: expected " + expected + ", found '" + found + "'");
  }
}
