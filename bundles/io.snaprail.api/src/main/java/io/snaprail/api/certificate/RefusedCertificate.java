package io.snaprail.api.certificate;

import java.time.Instant;

/**
 * A certificate that another side has shown and that was refused, kept for inspection until the
 * gateway stops.
 *
 * @param fingerprint SHA-256 of it in hex, 64 characters
 * @param subject RFC 4514
 * @param issuer RFC 4514
 * @param notBefore start of its validity
 * @param notAfter end of its validity
 * @param peer whom it was expected from, as host name; empty when not known, such as of a client
 * @param reason why it was refused, for people
 * @param curable whether trusting it would help: its only fault is that nobody here knows its
 *     issuer
 * @param count how often it was refused, from 1
 * @param last when it was refused last
 * @param pem it, and what was sent with it
 */
public record RefusedCertificate(
    String fingerprint,
    String subject,
    String issuer,
    Instant notBefore,
    Instant notAfter,
    String peer,
    String reason,
    boolean curable,
    int count,
    Instant last,
    String pem) {}
