package io.snaprail.certificates.internal.tls;

import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLParameters;

/**
 * What TLS may be: 1.3, or 1.2 with ephemeral elliptic curves and authenticated encryption (RFC
 * 9325).
 */
final class TlsPolicy {
  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

  private TlsPolicy() {}

  static boolean allowsSuite(String suite) {
    return CipherSuites.allowed().contains(suite);
  }

  static boolean allowsProtocol(String protocol) {
    return PROTOCOLS.contains(protocol);
  }

  /** Those of our protocols that are supported, best first. */
  static String[] protocols(String[] supported) {
    return intersection(PROTOCOLS, supported);
  }

  /** Those of our suites that are supported, best first. */
  static String[] suites(String[] supported) {
    return intersection(CipherSuites.allowed(), supported);
  }

  /**
   * Those of the wished protocols that are allowed.
   *
   * @throws IllegalArgumentException when none is: better no connection than a weak one
   */
  static String[] allowedProtocols(String[] wished) {
    return nonEmpty(
        Arrays.stream(wished).filter(TlsPolicy::allowsProtocol).toArray(String[]::new), wished);
  }

  /** The same for cipher suites. */
  static String[] allowedSuites(String[] wished) {
    return nonEmpty(
        Arrays.stream(wished).filter(TlsPolicy::allowsSuite).toArray(String[]::new), wished);
  }

  /** Restricts parameters, which may leave both open. */
  static SSLParameters restrict(SSLParameters parameters) {
    String[] protocols = parameters.getProtocols();
    String[] suites = parameters.getCipherSuites();
    if (protocols != null) {
      parameters.setProtocols(allowedProtocols(protocols));
    }
    if (suites != null) {
      parameters.setCipherSuites(allowedSuites(suites));
    }
    return parameters;
  }

  private static String[] nonEmpty(String[] allowed, String[] wished) {
    if (allowed.length == 0) {
      throw new IllegalArgumentException(
          "None of %s is allowed: expected TLS 1.3, or 1.2 with ECDHE and GCM or ChaCha20"
              .formatted(Arrays.toString(wished)));
    }
    return allowed;
  }

  private static String[] intersection(List<String> ours, String[] supported) {
    List<String> theirs = Arrays.asList(supported);
    return ours.stream().filter(theirs::contains).toArray(String[]::new);
  }
}
