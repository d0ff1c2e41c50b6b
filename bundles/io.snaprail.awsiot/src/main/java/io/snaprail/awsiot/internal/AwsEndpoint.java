package io.snaprail.awsiot.internal;

import java.util.List;

/**
 * Where to connect to.
 *
 * @param host such as {@code abc-ats.iot.eu-central-1.amazonaws.com}, a VPC endpoint's name or the
 *     local endpoint's
 * @param port 1..65535
 */
public record AwsEndpoint(String host, int port) {

  /**
   * Reads an endpoint.
   *
   * @param endpoint host, or host:port
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
    int colon = text.lastIndexOf(':');
    // More than one colon: a literal IPv6 address.
    if (colon < 0 || text.indexOf(':') != colon) {
      return new AwsEndpoint(text, port);
    }
    try {
      return new AwsEndpoint(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw wrong("a number behind the colon", endpoint);
    }
  }

  /** Application protocols to offer in TLS. */
  public List<String> alpn() {
    return port == AwsLimits.PORT_HTTPS ? List.of(AwsLimits.ALPN) : List.of();
  }

  private static IllegalArgumentException wrong(String expected, String found) {
    return new IllegalArgumentException(
        "endpoint: expected " + expected + ", found '" + found + "'");
  }
}
