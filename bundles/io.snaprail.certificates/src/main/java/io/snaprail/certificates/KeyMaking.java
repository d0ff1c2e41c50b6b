package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.certificates.internal.store.Entry;
import io.snaprail.certificates.internal.token.HardwareToken;
import io.snaprail.certificates.internal.token.KeyPlace;
import io.snaprail.certificates.internal.token.Tokens;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Issuing;
import io.snaprail.certificates.internal.x509.Issuing.Validity;
import io.snaprail.certificates.internal.x509.Keys;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes keys, in files or tokens, and what goes with them. Safe for any thread. */
final class KeyMaking {
  private static final Duration BACKDATED = Duration.ofMinutes(5);
  private static final Duration WAITING = Duration.ofDays(1);

  private final Tokens tokens;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Issuing issuing = new Issuing(random);

  KeyMaking(Tokens tokens, Clock clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  /**
   * A new key and the request for it.
   *
   * @param entry not kept yet; for a key in a token, {@link #keep} has it kept there
   */
  record Made(String request, KeyPair keys, Entry entry, Optional<HardwareToken> token) {
    /** Never the key. */
    @Override
    public String toString() {
      return "Made[" + entry + "]";
    }
  }

  Made make(KeyRequest wanted) throws CertificateStoreException {
    Optional<HardwareToken> token = token(wanted.token());
    KeyPair keys = generate(wanted.type(), token);
    String request =
        issuing.request(keys, wanted.subject(), wanted.alternativeNames(), wanted.role().strip());
    // No key is kept without a certificate; this one also keeps what was asked for.
    Entry entry = selfSigned(keys, wanted.subject(), wanted.alternativeNames(), WAITING);
    return new Made(request, keys, entry, token);
  }

  /** A new key of the same kind and in the same place, for the same subject. */
  Made makeLike(Entry old) throws CertificateStoreException {
    KeyPlace place = old.place();
    Optional<HardwareToken> token = token(place == null ? "" : place.token());
    KeyPair keys = generate(Keys.typeLike(old.certificate().getPublicKey()), token);
    String request = issuing.requestLike(keys, old.certificate());
    X509Certificate holder =
        issuing.placeholder(keys, old.certificate().getSubjectX500Principal(), validity(WAITING));
    return new Made(request, keys, new Entry(keys.getPrivate(), List.of(holder)), token);
  }

  /** Keeps a key where it is to be; what comes back may be kept among the identities. */
  static Entry keep(String name, Made made) throws CertificateStoreException {
    if (made.token().isEmpty()) {
      return made.entry();
    }
    HardwareToken token = made.token().get();
    KeyPlace place = token.keep(name, made.keys().getPrivate(), made.entry().certificate());
    return new Entry(token.key(place.alias()), made.entry().chain(), place);
  }

  Entry selfSigned(KeyType type, String subject, List<String> names, Duration validity)
      throws CertificateStoreException {
    return selfSigned(Keys.generate(type, random), subject, names, validity);
  }

  private Entry selfSigned(KeyPair keys, String subject, List<String> names, Duration validity)
      throws CertificateStoreException {
    X509Certificate certificate = issuing.selfSigned(keys, subject, names, validity(validity));
    return new Entry(keys.getPrivate(), List.of(certificate));
  }

  private Validity validity(Duration length) {
    Instant now = clock.instant();
    // Made while the clock was not set, it must be valid once it is.
    Instant until = now.isBefore(Certificates.EARLIEST_CLOCK) ? Certificates.EARLIEST_CLOCK : now;
    return new Validity(now.minus(BACKDATED), until.plus(length));
  }

  private Optional<HardwareToken> token(String name) throws CertificateStoreException {
    return name.isEmpty() ? Optional.empty() : Optional.of(tokens.get(name));
  }

  private KeyPair generate(KeyType type, Optional<HardwareToken> token)
      throws CertificateStoreException {
    return token.isEmpty() ? Keys.generate(type, random) : token.get().generate(type);
  }
}
