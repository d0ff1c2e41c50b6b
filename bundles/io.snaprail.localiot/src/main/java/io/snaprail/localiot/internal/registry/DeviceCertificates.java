package io.snaprail.localiot.internal.registry;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.RegistryException.Kind;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * Operations on certificates of devices (AWS IoT API: CreateCertificateFromCsr, UpdateCertificate,
 * ...).
 */
public final class DeviceCertificates {
  /** Before the moment of issue, for clocks that are late. */
  private static final Duration BACKDATED = Duration.ofMinutes(2);

  /** AWS's own end. */
  private static final Instant END = Instant.parse("2049-12-31T23:59:59Z");

  private static final X500Principal SUBJECT = new X500Principal("CN=AWS IoT Certificate");
  private static final int REQUEST_CHARACTERS = 4096;
  private static final Set<Status> AT_CREATION =
      Set.of(Status.ACTIVE, Status.INACTIVE, Status.PENDING_ACTIVATION);
  private static final Set<Status> BY_HAND = Set.of(Status.ACTIVE, Status.INACTIVE, Status.REVOKED);

  private final Registry registry;

  DeviceCertificates(Registry registry) {
    this.registry = registry;
  }

  /**
   * A certificate whose key was made here. The key is kept nowhere: it is here once and never
   * again.
   */
  public record Created(DeviceCertificate certificate, String publicKeyPem, String privateKeyPem) {
    /** Never the key. */
    @Override
    public String toString() {
      return "Created[" + certificate.id() + "]";
    }
  }

  /**
   * Signs a request and registers the certificate.
   *
   * @param csrPem PKCS#10 in PEM; key RSA from 2,048 bits or EC P-256, P-384
   * @param status ACTIVE, INACTIVE or, for fleet provisioning, PENDING_ACTIVATION
   */
  public DeviceCertificate createFromCsr(String csrPem, Status status) throws RegistryException {
    if (!AT_CREATION.contains(status)) {
      throw RegistryException.invalid("a new certificate cannot be " + status);
    }
    if (csrPem.isBlank() || csrPem.length() > REQUEST_CHARACTERS) {
      throw RegistryException.invalid(
          "certificate signing request: expected 1..%d characters of PEM, found %d"
              .formatted(REQUEST_CHARACTERS, csrPem.length()));
    }
    CertificateSigner signer = registry.environment().signer();
    Instant now = now();
    try {
      X509Certificate authority = signer.certificate();
      Instant last = authority.getNotAfter().toInstant();
      X509Certificate certificate =
          signer.sign(csrPem, now.minus(BACKDATED), last.isBefore(END) ? last : END);
      return add(DeviceCertificate.of(certificate, Certificates.id(authority), status, now));
    } catch (CertificateStoreException e) {
      throw RegistryException.invalid("certificate signing request: " + e.getMessage());
    }
  }

  /** Makes a key (RSA 2048) and a certificate for it; takes some 100 ms. */
  public Created createKeys(Status status) throws RegistryException {
    DeviceKeys keys = DeviceKeys.generate();
    DeviceCertificate certificate = createFromCsr(keys.request(SUBJECT), status);
    return new Created(certificate, keys.publicPem(), keys.privatePem());
  }

  /**
   * Registers a certificate that a registered authority has signed.
   *
   * @param authorityPem that authority; empty to find it by the certificate
   * @param status ACTIVE, INACTIVE or REVOKED
   */
  public DeviceCertificate register(String pem, String authorityPem, Status status)
      throws RegistryException {
    requireByHand(status);
    X509Certificate certificate = valid(pem);
    String wanted = authorityPem.isEmpty() ? "" : Certificates.id(Certificates.parse(authorityPem));
    ClientAuthority authority =
        ClientAuthorities.issuer(registry.state(), certificate, wanted)
            .orElseThrow(
                () ->
                    new RegistryException(
                        Kind.CERTIFICATE_VALIDATION,
                        "no registered authority has signed the certificate of '"
                            + certificate.getSubjectX500Principal()
                            + "'; register the authority, or the certificate without one"));
    if (!authority.active()) {
      throw new RegistryException(
          Kind.CERTIFICATE_STATE,
          "authority " + authority.id() + " is inactive; activate it first");
    }
    return add(DeviceCertificate.of(certificate, authority.id(), status, now()));
  }

  /** Registers a certificate whoever has signed it. */
  public DeviceCertificate registerWithoutAuthority(String pem, Status status)
      throws RegistryException {
    requireByHand(status);
    return add(DeviceCertificate.of(valid(pem), "", status, now()));
  }

  /**
   * Registers a certificate that has come by itself, when an active authority has signed it that
   * allows that; it then waits for activation. Nothing happens when it is registered.
   *
   * @return the certificate when it was registered now
   */
  public Optional<DeviceCertificate> autoRegister(X509Certificate certificate)
      throws RegistryException {
    RegistryState state = registry.state();
    if (state.certificates().containsKey(Certificates.id(certificate))) {
      return Optional.empty();
    }
    Optional<ClientAuthority> authority = ClientAuthorities.issuer(state, certificate, "");
    if (authority.isEmpty()
        || !authority.get().active()
        || !authority.get().autoRegistration()
        || !Certificates.validAt(certificate, now())) {
      return Optional.empty();
    }
    return Optional.of(
        add(
            DeviceCertificate.of(
                certificate, authority.get().id(), Status.PENDING_ACTIVATION, now())));
  }

  /**
   * Changes the status: between ACTIVE and INACTIVE at will, to REVOKED for good. Clients are
   * disconnected when their certificate is not ACTIVE any more.
   */
  public DeviceCertificate setStatus(String id, Status status) throws RegistryException {
    requireByHand(status);
    return find(
        registry.apply(
            state -> {
              DeviceCertificate certificate = find(state, id);
              Status old = certificate.status();
              if (old == status) {
                return state;
              }
              if (old == Status.PENDING_TRANSFER) {
                throw new RegistryException(
                    Kind.CERTIFICATE_STATE,
                    "certificate " + id + " is being transferred; accept, reject or cancel that");
              }
              if (old == Status.REVOKED) {
                throw new RegistryException(
                    Kind.CERTIFICATE_STATE,
                    "certificate " + id + " is revoked, which is for good; make a new one");
              }
              return state.with(certificate.withStatus(status, now()));
            }),
        id);
  }

  /**
   * Deletes a certificate that is not ACTIVE and attached to nothing.
   *
   * @param force to delete it with policies attached
   */
  public void delete(String id, boolean force) throws RegistryException {
    registry.apply(
        state -> {
          DeviceCertificate certificate = find(state, id);
          if (certificate.status() == Status.ACTIVE
              || certificate.status() == Status.PENDING_TRANSFER) {
            throw new RegistryException(
                Kind.CERTIFICATE_STATE,
                "certificate %s is %s; deactivate it before you delete it"
                    .formatted(id, certificate.status()));
          }
          if (!certificate.things().isEmpty() || (!force && !certificate.policies().isEmpty())) {
            throw new RegistryException(
                Kind.DELETE_CONFLICT,
                "certificate %s is attached to things %s and policies %s; detach them first"
                    .formatted(id, certificate.things(), certificate.policies()));
          }
          return state.withCertificates(ThingTables.minus(state.certificates(), id));
        });
  }

  /** One certificate. */
  public DeviceCertificate describe(String id) throws RegistryException {
    return find(registry.state(), id);
  }

  /** All certificates, by id. */
  public List<DeviceCertificate> list() {
    return List.copyOf(registry.state().certificates().values());
  }

  static DeviceCertificate find(RegistryState state, String id) throws RegistryException {
    DeviceCertificate certificate = state.certificates().get(id);
    if (certificate == null) {
      throw RegistryException.notFound("certificate", id);
    }
    return certificate;
  }

  private DeviceCertificate add(DeviceCertificate certificate) throws RegistryException {
    return find(
        registry.apply(
            state -> {
              if (state.certificates().containsKey(certificate.id())) {
                throw new RegistryException(
                    Kind.RESOURCE_ALREADY_EXISTS,
                    "certificate " + certificate.id() + " is registered");
              }
              if (state.certificates().size() >= Quotas.CERTIFICATES) {
                throw new RegistryException(
                    Kind.LIMIT_EXCEEDED,
                    "the local endpoint holds " + Quotas.CERTIFICATES + " certificates");
              }
              return state.with(certificate);
            }),
        certificate.id());
  }

  private X509Certificate valid(String pem) throws RegistryException {
    X509Certificate certificate = Certificates.parse(pem);
    if (!Certificates.validAt(certificate, now())) {
      throw new RegistryException(
          Kind.CERTIFICATE_VALIDATION,
          "the certificate is valid from %s to %s, not now"
              .formatted(
                  certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant()));
    }
    return certificate;
  }

  private static void requireByHand(Status status) throws RegistryException {
    if (!BY_HAND.contains(status)) {
      throw RegistryException.invalid(
          "status: expected ACTIVE, INACTIVE or REVOKED, found " + status);
    }
  }

  private Instant now() {
    return registry.environment().clock().instant();
  }
}
