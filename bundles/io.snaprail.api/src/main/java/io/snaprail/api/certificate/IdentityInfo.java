package io.snaprail.api.certificate;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An identity as people see it; holds no secret.
 *
 * @param name unique in the store
 * @param state whether it can be used
 * @param keyAlgorithm such as {@code EC P-256} or {@code RSA 2048}
 * @param subject of its certificate, RFC 4514; of the request while PENDING
 * @param issuer of its certificate; empty while PENDING
 * @param fingerprint SHA-256 of the certificate in hex, 64 characters; empty while PENDING
 * @param notBefore start of validity; null while PENDING
 * @param notAfter end of validity; null while PENDING
 * @param alternativeNames DNS names and addresses in the certificate
 * @param token name of the hardware token that keeps the key; empty for a file of the gateway
 */
public record IdentityInfo(
    String name,
    State state,
    String keyAlgorithm,
    String subject,
    String issuer,
    String fingerprint,
    @Nullable Instant notBefore,
    @Nullable Instant notAfter,
    List<String> alternativeNames,
    String token) {

  /** Copies the list. */
  public IdentityInfo {
    alternativeNames = List.copyOf(alternativeNames);
  }

  /** Generations of an identity, in the order they are lived through. */
  public enum State {
    /** Has a key and no certificate yet. */
    PENDING,
    /** Has a new certificate that has not yet proved itself; the active one stays in reserve. */
    TRIAL,
    /** In use. */
    ACTIVE,
    /** Replaced, kept for rollback. */
    PREVIOUS
  }
}
