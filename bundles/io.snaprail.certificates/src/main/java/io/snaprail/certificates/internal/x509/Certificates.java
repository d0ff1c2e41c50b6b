package io.snaprail.certificates.internal.x509;

import io.snaprail.api.certificate.CertificateStoreException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Certificates: reading, writing, describing and judging them. */
public final class Certificates {
  /** No gateway runs this software before; a clock that says so has not been set. */
  public static final Instant EARLIEST_CLOCK = Instant.parse("2026-01-01T00:00:00Z");

  /** What Kerberos allows as well (RFC 4120, section 3.2.3). */
  private static final Duration CLOCK_DIFFERENCE = Duration.ofMinutes(5);

  private static final byte INDEFINITE = (byte) 0x80;
  private static final int MAX_SUBJECT = 200;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Certificates() {}

  /** Reads DER. */
  public static X509Certificate decode(byte[] der) throws CertificateStoreException {
    // DER has no indefinite lengths (X.690 10.1), and the JDK follows them down without a limit.
    if (der.length > 1 && der[1] == INDEFINITE) {
      throw new CertificateStoreException("the certificate cannot be read; it is not in DER");
    }
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException malformed) {
      throw new CertificateStoreException(
          "the certificate cannot be read; it is damaged or none at all", malformed);
    }
  }

  /** PEM with a line for people before each certificate. */
  public static String toPem(List<X509Certificate> certificates) throws CertificateStoreException {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      pem.append("# ").append(Names.text(certificate.getSubjectX500Principal())).append('\n');
      pem.append(pem("CERTIFICATE", encoded(certificate)));
    }
    return pem.toString();
  }

  static String pem(String label, byte[] content) {
    String base64 =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
  }

  private static byte[] encoded(X509Certificate certificate) throws CertificateStoreException {
    try {
      return certificate.getEncoded();
    } catch (CertificateException impossible) {
      throw new CertificateStoreException("A certificate cannot be encoded", impossible);
    }
  }

  /** SHA-256 of the DER in hex, 64 characters: AWS IoT's certificate id. */
  public static String fingerprint(X509Certificate certificate) throws CertificateStoreException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(encoded(certificate)));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  /** The subject in quotation marks, or the serial number when it is empty; never long. */
  public static String describe(X509Certificate certificate) {
    String full = Names.text(certificate.getSubjectX500Principal());
    String subject = full.length() <= MAX_SUBJECT ? full : full.substring(0, MAX_SUBJECT - 1) + "…";
    return subject.isEmpty()
        ? "serial number " + certificate.getSerialNumber().toString(16)
        : "'" + subject + "'";
  }

  /** A time for people. */
  public static String date(Instant time) {
    return DATE.format(time);
  }

  /** Why the key or the signature is too weak; empty when neither is. */
  public static Optional<String> weakness(X509Certificate certificate) {
    Optional<String> weakKey = Keys.weakness(certificate.getPublicKey());
    if (weakKey.isPresent()) {
      return weakKey;
    }
    String algorithm = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
    // A root's signature on itself proves nothing and is checked by nobody.
    boolean weak =
        !signsItself(certificate)
            && (algorithm.startsWith("MD")
                || algorithm.startsWith("SHA1")
                || algorithm.startsWith("SHA-1"));
    return weak
        ? Optional.of(
            "its signature is weak: %s, expected SHA-256 or better"
                .formatted(certificate.getSigAlgName()))
        : Optional.empty();
  }

  /** Why it is not valid at this time, with dates; empty when it is. */
  public static Optional<String> invalidity(X509Certificate certificate, Clock clock) {
    Instant now = clock.instant();
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isAfter(until)) {
      return Optional.of("it expired on " + date(until) + clockNote(now));
    }
    if (now.isBefore(from)) {
      return Optional.of("it is valid only from " + date(from) + " on" + clockNote(now));
    }
    return Optional.empty();
  }

  /**
   * Whether it becomes valid within the time by which clocks may differ: who signs is often a few
   * seconds ahead of who asks.
   */
  public static boolean beginsSoon(X509Certificate certificate, Clock clock) {
    Instant now = clock.instant();
    Instant from = certificate.getNotBefore().toInstant();
    return now.isBefore(from) && !now.plus(CLOCK_DIFFERENCE).isBefore(from);
  }

  private static String clockNote(Instant now) {
    return now.isBefore(EARLIEST_CLOCK)
        ? "; but this gateway's clock says %s, which cannot be: set the clock".formatted(date(now))
        : "; this gateway's clock says %s: if that is wrong, set it".formatted(date(now));
  }

  /** Whole days until a certificate ends; negative when it has ended. */
  public static long daysLeft(X509Certificate certificate, Instant now) {
    return ChronoUnit.DAYS.between(now, certificate.getNotAfter().toInstant());
  }

  /** Whether a certificate is signed with its own key. */
  public static boolean signsItself(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
        && isSignedBy(certificate, certificate);
  }

  /** Whether the signature of one verifies with the key of the other. */
  public static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
    try {
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException no) {
      // Every kind of failure is the same answer.
      return false;
    }
  }
}
