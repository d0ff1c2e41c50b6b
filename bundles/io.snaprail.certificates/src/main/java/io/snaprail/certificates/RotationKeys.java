package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.pem.PemIdentity.Located;
import io.snaprail.certificates.internal.store.Chains;
import io.snaprail.certificates.internal.store.Entry;
import io.snaprail.certificates.internal.store.Generation;
import io.snaprail.certificates.internal.store.Identities;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.SigningRequest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** What a rotation does with an identity, each a step that can be done again. */
final class RotationKeys {
  private final Identities identities;
  private final KeyMaking making;
  private final Rotation rotation;
  private final Changes changes;
  private final Clock clock;

  RotationKeys(
      Identities identities, KeyMaking making, Rotation rotation, Changes changes, Clock clock) {
    this.identities = identities;
    this.making = making;
    this.rotation = rotation;
    this.changes = changes;
    this.clock = clock;
  }

  /** The clock of the store. */
  Clock clock() {
    return clock;
  }

  /** The one in force. */
  X509Certificate active(String name) throws CertificateStoreException {
    return rotation.active(name).certificate();
  }

  /** Whether a new certificate of this identity can be tried out. */
  boolean triable(String name) {
    return rotation.triable(name);
  }

  /** Whether there is an identity of this name, in whatever state. */
  boolean exists(String name) {
    return identities.names().contains(name);
  }

  /** The certificate of a generation. */
  Optional<X509Certificate> certificate(String name, Generation generation)
      throws CertificateStoreException {
    return identities.get(name, generation).map(Entry::certificate);
  }

  /** Makes and keeps a key as the one in force is, for the same subject; the request for it. */
  String makeKey(String name) throws CertificateStoreException {
    KeyMaking.Made made = making.makeLike(rotation.active(name));
    try {
      changes.make(
          name,
          "key and signing request made for a rotation",
          () -> identities.putPending(name, KeyMaking.keep(name, made)));
    } catch (CertificateStoreException failure) {
      // It may be there all the same, and nobody would ever bring its certificate.
      identities.discardPending(name);
      throw failure;
    }
    return made.request();
  }

  /**
   * Where the key of a request is.
   *
   * @param fingerprint of the certificate it has there
   */
  record Held(Generation generation, String fingerprint) {}

  /** Where the key of a request is, if it is anywhere. */
  Optional<Held> holder(String name, String csr) throws CertificateStoreException {
    PublicKey key = SigningRequest.decode(PemIdentity.signingRequest(csr)).publicKey();
    // The way it goes: one that moves on meanwhile is met all the same.
    for (Generation generation : List.of(Generation.PENDING, Generation.TRIAL, Generation.ACTIVE)) {
      Optional<X509Certificate> found =
          certificate(name, generation).filter(c -> c.getPublicKey().equals(key));
      if (found.isPresent()) {
        return Optional.of(new Held(generation, Certificates.fingerprint(found.get())));
      }
    }
    return Optional.empty();
  }

  /** Puts what an issuer has signed into force, or on trial. */
  IdentityInfo install(String name, String pem, boolean trial) throws CertificateStoreException {
    Entry pending =
        identities
            .get(name, Generation.PENDING)
            .orElseThrow(
                () ->
                    new CertificateStoreException(
                        "Identity '%s': the key of the rotation is gone: somebody has removed or replaced it"
                            .formatted(name)));
    List<Located> certificates = PemIdentity.certificatesOnly(pem);
    Entry entry = pending.with(Chains.of(pending.key(), certificates));
    requireValid(name, entry);
    return rotation.replace(name, "rotation: new certificate", entry, trial);
  }

  /** Puts what is on trial into force. */
  void commit(String name) throws CertificateStoreException {
    rotation.commit(name);
  }

  /** Refuses what is of no use now; while the clock is not set, that cannot be said. */
  void requireValid(String name, Entry entry) throws CertificateStoreException {
    if (clock.instant().isBefore(Certificates.EARLIEST_CLOCK)) {
      return;
    }
    for (X509Certificate certificate : entry.chain()) {
      Optional<String> invalid = Certificates.invalidity(certificate, clock);
      if (invalid.isPresent() && !Certificates.beginsSoon(certificate, clock)) {
        throw new CertificateStoreException(
            "Identity '%s': certificate %s is refused: %s"
                .formatted(name, Certificates.describe(certificate), invalid.get()));
      }
    }
  }

  /** Removes the key of a request that nobody is going to sign, if it still waits. */
  void abandon(String name, String csr) throws CertificateStoreException {
    if (holder(name, csr).filter(h -> h.generation() == Generation.PENDING).isPresent()) {
      changes.make(name, "rotation failed: its key removed", () -> identities.discardPending(name));
    }
  }
}
