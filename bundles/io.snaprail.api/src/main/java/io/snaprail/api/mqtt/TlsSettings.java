package io.snaprail.api.mqtt;

import java.util.List;
import java.util.Objects;

/**
 * How a connection is made secure.
 *
 * @param identity identity in the certificate store that the gateway shows; empty for none
 * @param roots set of trusted roots in the certificate store; empty for the JDK's
 * @param alpn application protocols to offer, such as {@code x-amzn-mqtt-ca} on port 443; may be
 *     empty
 * @param serverName name that is asked for (SNI) and that the broker's certificate must carry,
 *     where it is not the host's, as with the address of a tunnel or a VPC endpoint; empty for the
 *     host
 */
public record TlsSettings(String identity, String roots, List<String> alpn, String serverName) {
  /** Copies the list. */
  public TlsSettings {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(roots, "roots");
    Objects.requireNonNull(serverName, "serverName");
    alpn = List.copyOf(alpn);
  }

  /** For the host's own name, without application protocols. */
  public TlsSettings(String identity, String roots) {
    this(identity, roots, List.of(), "");
  }
}
