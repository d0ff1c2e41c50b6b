package io.snaprail.api.certificate;

import java.util.List;

/**
 * What a new key and its signing request are to be.
 *
 * @param type kind of the key
 * @param subject RFC 4514, such as {@code CN=gateway-7,O=Example}
 * @param alternativeNames DNS names and IP addresses; may be empty
 * @param role for clients of Modbus/TLS devices: a UTF8String in the extension
 *     1.3.6.1.4.1.50316.802.1 (MODBUS/TCP Security Protocol Specification), 1..64 characters; empty
 *     for none. Whoever signs decides whether it comes to be in the certificate
 * @param token name of the hardware token that makes and keeps the key, of {@link
 *     CertificateStore#tokens}; empty for a file of the gateway
 */
public record KeyRequest(
    KeyType type, String subject, List<String> alternativeNames, String role, String token) {

  /** Copies the list. */
  public KeyRequest {
    alternativeNames = List.copyOf(alternativeNames);
  }
}
