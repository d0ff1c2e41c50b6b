package io.snaprail.api.certificate;

import java.time.Instant;

/**
 * A trusted root as people see it.
 *
 * @param subject RFC 4514
 * @param keyAlgorithm such as {@code EC P-256} or {@code RSA 2048}
 * @param fingerprint SHA-256 of the certificate in hex, 64 characters
 * @param notBefore start of its validity
 * @param notAfter end of its validity
 */
public record RootInfo(
    String subject, String keyAlgorithm, String fingerprint, Instant notBefore, Instant notAfter) {}
