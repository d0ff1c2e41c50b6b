package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.registry.RegistryException.Kind;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Operations on authorities of others (AWS IoT API: RegisterCACertificate, ...). */
public final class ClientAuthorities {
  private static final int CODE_BYTES = 32;

  private final Registry registry;
  private final SecureRandom random = new SecureRandom();

  ClientAuthorities(Registry registry) {
    this.registry = registry;
  }

  /** The code that a verification certificate has as its common name; made when there is none. */
  public String registrationCode() throws RegistryException {
    return registry
        .apply(
            state -> {
              if (!state.registrationCode().isEmpty()) {
                return state;
              }
              byte[] code = new byte[CODE_BYTES];
              random.nextBytes(code);
              return state.withRegistrationCode(HexFormat.of().formatHex(code));
            })
        .registrationCode();
  }

  /** Forgets the code: the next one is another. */
  public void deleteRegistrationCode() throws RegistryException {
    registry.apply(
        state -> {
          if (state.registrationCode().isEmpty()) {
            throw RegistryException.notFound("registration code", "");
          }
          return state.withRegistrationCode("");
        });
  }

  /**
   * How an authority is registered.
   *
   * @param active whether certificates of it may be registered
   * @param autoRegistration whether its certificates are registered when they connect first
   */
  public record Use(boolean active, boolean autoRegistration) {}

  /**
   * Registers an authority whose key the caller holds.
   *
   * @param pem its certificate
   * @param verificationPem a certificate that it has signed with the registration code as common
   *     name; empty for an authority that nobody has to prove (AWS's mode {@code SNI_ONLY})
   */
  public ClientAuthority register(String pem, String verificationPem, Use use)
      throws RegistryException {
    X509Certificate certificate = Certificates.parse(pem);
    Instant now = registry.environment().clock().instant();
    if (certificate.getBasicConstraints() < 0) {
      throw new RegistryException(
          Kind.CERTIFICATE_VALIDATION,
          "'%s' is no authority: its certificate lacks the basic constraint CA:TRUE"
              .formatted(certificate.getSubjectX500Principal()));
    }
    if (!Certificates.validAt(certificate, now)) {
      throw new RegistryException(
          Kind.CERTIFICATE_VALIDATION,
          "the authority's certificate is valid from %s to %s, not now"
              .formatted(
                  certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant()));
    }
    if (!verificationPem.isEmpty()) {
      verify(certificate, Certificates.parse(verificationPem));
    }
    String id = Certificates.id(certificate);
    ClientAuthority authority =
        new ClientAuthority(
            id, Certificates.pem(certificate), use.active(), use.autoRegistration(), now);
    return find(registry.apply(state -> with(state, certificate, authority)), id);
  }

  private static RegistryState with(
      RegistryState state, X509Certificate certificate, ClientAuthority authority)
      throws RegistryException {
    if (state.authorities().containsKey(authority.id())) {
      throw new RegistryException(
          Kind.RESOURCE_ALREADY_EXISTS, "authority " + authority.id() + " is registered");
    }
    int sameSubject = 0;
    for (ClientAuthority other : state.authorities().values()) {
      X509Certificate parsed = Certificates.parse(other.pem());
      if (parsed.getSubjectX500Principal().equals(certificate.getSubjectX500Principal())) {
        sameSubject++;
      }
    }
    if (sameSubject >= Quotas.AUTHORITIES_PER_SUBJECT) {
      throw new RegistryException(
          Kind.LIMIT_EXCEEDED,
          "%d authorities with this subject are registered, which is the most; delete one"
              .formatted(sameSubject));
    }
    return state.withAuthorities(ThingTables.plus(state.authorities(), authority.id(), authority));
  }

  private void verify(X509Certificate authority, X509Certificate verification)
      throws RegistryException {
    if (!Certificates.signedBy(verification, authority)) {
      throw new RegistryException(
          Kind.CERTIFICATE_VALIDATION,
          "the verification certificate is not signed by the authority that is to be registered");
    }
    String code = registrationCode();
    Optional<String> found = Certificates.commonName(verification);
    if (!found.equals(Optional.of(code))) {
      throw new RegistryException(
          Kind.REGISTRATION_CODE_VALIDATION,
          "the verification certificate's common name is not the registration code; make one with"
              + " CN="
              + code);
    }
  }

  /** Changes how an authority is used. */
  public ClientAuthority update(String id, Use use) throws RegistryException {
    return find(
        registry.apply(
            state ->
                state.withAuthorities(
                    ThingTables.plus(
                        state.authorities(),
                        id,
                        find(state, id)
                            .withActive(use.active())
                            .withAutoRegistration(use.autoRegistration())))),
        id);
  }

  /** Deletes an authority that is inactive; certificates of it stay. */
  public void delete(String id) throws RegistryException {
    registry.apply(
        state -> {
          if (find(state, id).active()) {
            throw new RegistryException(
                Kind.CERTIFICATE_STATE,
                "authority " + id + " is active; deactivate it before you delete it");
          }
          return state.withAuthorities(ThingTables.minus(state.authorities(), id));
        });
  }

  /** One authority. */
  public ClientAuthority describe(String id) throws RegistryException {
    return find(registry.state(), id);
  }

  /** All authorities, by id. */
  public List<ClientAuthority> list() {
    return List.copyOf(registry.state().authorities().values());
  }

  /**
   * The registered authority that has signed a certificate.
   *
   * @param id of the one that is meant; empty when only one may fit
   */
  static Optional<ClientAuthority> issuer(
      RegistryState state, X509Certificate certificate, String id) throws RegistryException {
    List<ClientAuthority> signers = new ArrayList<>();
    for (ClientAuthority authority : state.authorities().values()) {
      if ((id.isEmpty() || id.equals(authority.id()))
          && Certificates.signedBy(certificate, Certificates.parse(authority.pem()))) {
        signers.add(authority);
      }
    }
    if (signers.size() > 1) {
      throw new RegistryException(
          Kind.CERTIFICATE_CONFLICT,
          "%d registered authorities have the key that signed the certificate; name the one meant"
              .formatted(signers.size()));
    }
    return signers.stream().findFirst();
  }

  private static ClientAuthority find(RegistryState state, String id) throws RegistryException {
    ClientAuthority authority = state.authorities().get(id);
    if (authority == null) {
      throw RegistryException.notFound("authority", id);
    }
    return authority;
  }
}
