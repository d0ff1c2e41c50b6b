package io.snaprail.localiot.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.certificate.CertificateAuthorities.Authority;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.RegistryException.Kind;
import io.snaprail.testkit.peer.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of certificates. Clauses: AWS IoT API reference, as named. */
class DeviceCertificatesTest {
  private static final String ALLOW =
      "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iot:*\",\"Resource\":\"*\"}}";

  @TempDir private Path folder;
  private RegistryFixture fixture;
  private Registry registry;

  @BeforeEach
  void open() throws Exception {
    fixture = new RegistryFixture(folder, true);
    registry = fixture.registry;
  }

  private static void refuses(Kind kind, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  private String made(Status status) throws Exception {
    return registry.certificates().createFromCsr(fixture.request("CN=lamp"), status).id();
  }

  // Facts: subject kept, valid from two minutes before, AWS's own end in 2049.
  @Test
  void signsARequestAsAwsDoes() throws Exception {
    DeviceCertificate certificate =
        registry
            .certificates()
            .createFromCsr(fixture.request("CN=lamp,O=Example"), Status.INACTIVE);

    X509Certificate x509 = Certificates.parse(certificate.pem());
    assertThat(x509.getSubjectX500Principal().getName()).contains("CN=lamp", "O=Example");
    assertThat(x509.getIssuerX500Principal().getName()).startsWith("OU=Amazon Web Services O\\=");
    assertThat(certificate.id()).matches("[0-9a-f]{64}");
    assertThat(certificate.authority()).isEqualTo(Certificates.id(fixture.certificate()));
    assertThat(fixture.askedNotBefore.get())
        .isEqualTo(fixture.now.get().minus(Duration.ofMinutes(2)));
    // The authority of this test ends before 2049: nothing outlives who signed it.
    assertThat(fixture.askedNotAfter.get())
        .isEqualTo(fixture.certificate().getNotAfter().toInstant());
  }

  // CreateKeysAndCertificate: RSA 2048, "BEGIN RSA PRIVATE KEY".
  @Test
  void makesAKeyThatOpensslTakes() throws Exception {
    DeviceCertificates.Created created = registry.certificates().createKeys(Status.ACTIVE);
    Path key = Files.writeString(folder.resolve("device.key"), created.privateKeyPem());
    Path pub = Files.writeString(folder.resolve("device.pub"), created.publicKeyPem());
    Path crt = Files.writeString(folder.resolve("device.crt"), created.certificate().pem());

    assertThat(created.privateKeyPem()).startsWith("-----BEGIN RSA PRIVATE KEY-----");
    assertThat(Programs.succeed("openssl", "rsa", "-in", key.toString(), "-check", "-noout"))
        .contains("RSA key ok");
    String fromKey = Programs.succeed("openssl", "rsa", "-in", key.toString(), "-pubout");
    String fromCertificate =
        Programs.succeed("openssl", "x509", "-in", crt.toString(), "-pubkey", "-noout");
    assertThat(fromKey).contains(fromCertificate).contains(Files.readString(pub));
    assertThat(Certificates.parse(created.certificate().pem()).getSubjectX500Principal().getName())
        .isEqualTo("CN=AWS IoT Certificate");
    assertThat(created.toString()).doesNotContain("PRIVATE");
  }

  @Test
  void refusesWhatIsNoRequest() {
    refuses(Kind.INVALID_REQUEST, () -> registry.certificates().createFromCsr(" ", Status.ACTIVE));
    refuses(
        Kind.INVALID_REQUEST,
        () -> registry.certificates().createFromCsr("x".repeat(4097), Status.ACTIVE));
    refuses(
        Kind.INVALID_REQUEST,
        () -> registry.certificates().createFromCsr(fixture.request("CN=a"), Status.REVOKED));
  }

  // UpdateCertificate: PENDING_TRANSFER and PENDING_ACTIVATION may not be set. Revoked is for good.
  @ParameterizedTest
  @CsvSource({
    "ACTIVE, INACTIVE, ",
    "INACTIVE, ACTIVE, ",
    "ACTIVE, REVOKED, ",
    "INACTIVE, REVOKED, ",
    "PENDING_ACTIVATION, ACTIVE, ",
    "PENDING_ACTIVATION, INACTIVE, ",
    "ACTIVE, PENDING_ACTIVATION, INVALID_REQUEST",
    "ACTIVE, PENDING_TRANSFER, INVALID_REQUEST",
    "REVOKED, ACTIVE, CERTIFICATE_STATE",
    "REVOKED, INACTIVE, CERTIFICATE_STATE",
    "PENDING_TRANSFER, ACTIVE, CERTIFICATE_STATE",
    "PENDING_TRANSFER, REVOKED, CERTIFICATE_STATE",
  })
  void changesStatus(Status from, Status to, Kind kind) throws Exception {
    String id = bring(from);
    if (kind == null) {
      assertThat(registry.certificates().setStatus(id, to).status()).isEqualTo(to);
    } else {
      refuses(kind, () -> registry.certificates().setStatus(id, to));
      assertThat(registry.certificates().describe(id).status()).isEqualTo(from);
    }
  }

  private String bring(Status status) throws Exception {
    if (status == Status.ACTIVE || status == Status.PENDING_ACTIVATION) {
      return made(status);
    }
    String id = made(Status.INACTIVE);
    if (status == Status.PENDING_TRANSFER) {
      registry.transfers().start(id, "210987654321", "");
    } else {
      registry.certificates().setStatus(id, status);
    }
    return id;
  }

  // DeleteCertificate: inactive first, then detached; forceDelete only looks past policies.
  @Test
  void deletesOnlyWhatIsInactiveAndAttachedToNothing() throws Exception {
    String id = made(Status.ACTIVE);
    registry.policies().create("p", ALLOW);
    registry.policies().attach("p", id);
    registry.things().create("lamp", "", Map.of());
    registry.things().attach("lamp", id);
    refuses(Kind.CERTIFICATE_STATE, () -> registry.certificates().delete(id, true));
    registry.certificates().setStatus(id, Status.INACTIVE);
    refuses(Kind.DELETE_CONFLICT, () -> registry.certificates().delete(id, true));
    refuses(Kind.DELETE_CONFLICT, () -> registry.policies().delete("p"));
    registry.things().detach("lamp", id);
    refuses(Kind.DELETE_CONFLICT, () -> registry.certificates().delete(id, false));
    registry.certificates().delete(id, true);
    registry.policies().delete("p");
    refuses(Kind.RESOURCE_NOT_FOUND, () -> registry.certificates().describe(id));
  }

  // Quotas: 10 policies a certificate.
  @Test
  void attachesTenPolicies() throws Exception {
    String id = made(Status.ACTIVE);
    for (int i = 0; i <= 10; i++) {
      registry.policies().create("p" + i, ALLOW);
    }
    for (int i = 0; i < 10; i++) {
      registry.policies().attach("p" + i, id);
    }
    registry.policies().attach("p0", id);
    refuses(Kind.LIMIT_EXCEEDED, () -> registry.policies().attach("p10", id));
    registry.policies().detach("p0", id);
    registry.policies().attach("p10", id);
    assertThat(registry.policies().targets("p10")).containsExactly(id);
  }

  // TransferCertificate: not ACTIVE, nothing attached. Accept, reject and cancel end it.
  @Test
  void transfers() throws Exception {
    String id = made(Status.ACTIVE);
    refuses(Kind.CERTIFICATE_STATE, () -> registry.transfers().start(id, "210987654321", ""));
    registry.certificates().setStatus(id, Status.INACTIVE);
    refuses(Kind.INVALID_REQUEST, () -> registry.transfers().start(id, "2109", ""));
    registry.policies().create("p", ALLOW);
    registry.policies().attach("p", id);
    refuses(Kind.TRANSFER_CONFLICT, () -> registry.transfers().start(id, "210987654321", ""));
    registry.policies().detach("p", id);
    refuses(Kind.TRANSFER_ALREADY_COMPLETED, () -> registry.transfers().cancel(id));

    registry.transfers().start(id, "210987654321", "yours");
    refuses(Kind.CERTIFICATE_STATE, () -> registry.policies().attach("p", id));
    refuses(Kind.CERTIFICATE_STATE, () -> registry.certificates().delete(id, true));
    registry.transfers().cancel(id);
    assertThat(registry.certificates().describe(id).status()).isEqualTo(Status.INACTIVE);
    registry.transfers().start(id, "210987654321", "yours");
    registry.transfers().reject(id);
    registry.transfers().start(id, "210987654321", "yours");
    registry.transfers().accept(id, true);
    assertThat(registry.certificates().describe(id).status()).isEqualTo(Status.ACTIVE);
  }

  // RegisterCACertificate: the verification certificate's CN is the registration code.
  @Test
  void registersAnAuthorityWhoseKeyTheCallerHolds() throws Exception {
    Authority own = fixture.pki.open("own", "CN=Own CA");
    Authority other = fixture.pki.open("other", "CN=Other CA");
    String pem = Certificates.pem(own.certificate());
    ClientAuthorities authorities = registry.authorities();
    String code = authorities.registrationCode();
    assertThat(code).matches("[0-9a-f]{64}").isEqualTo(authorities.registrationCode());
    ClientAuthorities.Use use = new ClientAuthorities.Use(true, false);

    String wrongCode = fixture.signed(own, "CN=another");
    String wrongSigner = fixture.signed(other, "CN=" + code);
    String right = fixture.signed(own, "CN=" + code);
    refuses(Kind.REGISTRATION_CODE_VALIDATION, () -> authorities.register(pem, wrongCode, use));
    refuses(Kind.CERTIFICATE_VALIDATION, () -> authorities.register(pem, wrongSigner, use));
    refuses(Kind.CERTIFICATE_VALIDATION, () -> authorities.register(right, right, use));
    ClientAuthority registered = authorities.register(pem, right, use);
    refuses(Kind.RESOURCE_ALREADY_EXISTS, () -> authorities.register(pem, right, use));
    refuses(Kind.CERTIFICATE_STATE, () -> authorities.delete(registered.id()));
    authorities.update(registered.id(), new ClientAuthorities.Use(false, false));
    authorities.delete(registered.id());
    assertThat(authorities.list()).isEmpty();

    authorities.deleteRegistrationCode();
    assertThat(authorities.registrationCode()).isNotEqualTo(code);
  }

  // RegisterCertificate, RegisterCertificateWithoutCA.
  @Test
  void registersCertificatesOfOthers() throws Exception {
    Authority own = fixture.pki.open("own", "CN=Own CA");
    String device = fixture.signed(own, "CN=lamp");
    refuses(
        Kind.CERTIFICATE_VALIDATION,
        () -> registry.certificates().register(device, "", Status.ACTIVE));
    ClientAuthority authority =
        registry
            .authorities()
            .register(
                Certificates.pem(own.certificate()), "", new ClientAuthorities.Use(false, false));
    refuses(
        Kind.CERTIFICATE_STATE, () -> registry.certificates().register(device, "", Status.ACTIVE));
    registry.authorities().update(authority.id(), new ClientAuthorities.Use(true, false));

    DeviceCertificate registered = registry.certificates().register(device, "", Status.ACTIVE);
    assertThat(registered.authority()).isEqualTo(authority.id());
    refuses(
        Kind.RESOURCE_ALREADY_EXISTS,
        () -> registry.certificates().registerWithoutAuthority(device, Status.ACTIVE));

    Authority stranger = fixture.pki.open("stranger", "CN=Stranger");
    String free = fixture.signed(stranger, "CN=free");
    assertThat(registry.certificates().registerWithoutAuthority(free, Status.INACTIVE).authority())
        .isEmpty();
    refuses(
        Kind.CERTIFICATE_VALIDATION,
        () -> registry.certificates().registerWithoutAuthority("nonsense", Status.ACTIVE));
    fixture.now.updateAndGet(time -> time.plus(Duration.ofDays(40)));
    String expired = fixture.signed(stranger, "CN=late");
    fixture.now.updateAndGet(time -> time.plus(Duration.ofDays(80)));
    refuses(
        Kind.CERTIFICATE_VALIDATION,
        () -> registry.certificates().registerWithoutAuthority(expired, Status.ACTIVE));
  }

  // Developer guide, "Register a client certificate when the client connects": PENDING_ACTIVATION.
  @Test
  void registersByItselfWhatAnAuthorityThatAllowsItHasSigned() throws Exception {
    Authority own = fixture.pki.open("own", "CN=Own CA");
    X509Certificate device = Certificates.parse(fixture.signed(own, "CN=lamp"));
    assertThat(registry.certificates().autoRegister(device)).isEmpty();
    ClientAuthority authority =
        registry
            .authorities()
            .register(
                Certificates.pem(own.certificate()), "", new ClientAuthorities.Use(true, false));
    assertThat(registry.certificates().autoRegister(device)).isEmpty();
    registry.authorities().update(authority.id(), new ClientAuthorities.Use(true, true));

    Optional<DeviceCertificate> registered = registry.certificates().autoRegister(device);

    assertThat(registered).map(DeviceCertificate::status).contains(Status.PENDING_ACTIVATION);
    assertThat(registry.certificates().autoRegister(device)).isEmpty();
  }
}
