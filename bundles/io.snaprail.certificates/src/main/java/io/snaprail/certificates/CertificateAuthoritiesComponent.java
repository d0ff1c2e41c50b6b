package io.snaprail.certificates;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.store.Entry;
import io.snaprail.certificates.internal.store.KeyFile;
import io.snaprail.certificates.internal.store.StoreNames;
import io.snaprail.certificates.internal.token.Tokens;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Issuing;
import io.snaprail.certificates.internal.x509.Issuing.Validity;
import io.snaprail.certificates.internal.x509.Keys;
import io.snaprail.certificates.internal.x509.SigningRequest;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The {@link CertificateAuthorities} service: {@code
 * <data>/certificates/authorities/<name>/authority.p12}, valid for 30 years. Safe for any thread.
 */
@Component(service = CertificateAuthorities.class)
public final class CertificateAuthoritiesComponent implements CertificateAuthorities {
  private static final Duration VALIDITY = Duration.ofDays(30 * 365);
  private static final Duration BACKDATED = Duration.ofDays(1);

  private final Path folder;
  private final SecretStore secrets;
  private final AuditLog audit;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Issuing issuing = new Issuing(random);
  private final ReentrantLock lock = new ReentrantLock();

  /** Opens nothing yet. */
  @Activate
  public CertificateAuthoritiesComponent(
      BundleContext context, @Reference SecretStore secrets, @Reference AuditLog audit) {
    this(CertificateStoreComponent.folder(context), secrets, audit, Clock.systemUTC());
  }

  CertificateAuthoritiesComponent(
      Path certificates, SecretStore secrets, AuditLog audit, Clock clock) {
    this.folder = certificates.resolve("authorities");
    this.secrets = secrets;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public Authority open(String name, String subject) throws CertificateStoreException {
    StoreNames.require("Certificate authority", name);
    KeyFile file =
        new KeyFile(folder.resolve(name).resolve("authority.p12"), secrets, new Tokens());
    lock.lock();
    try {
      Optional<Entry> present = file.read();
      return new Signing(name, present.isPresent() ? present.get() : create(name, subject, file));
    } finally {
      lock.unlock();
    }
  }

  private Entry create(String name, String subject, KeyFile file) throws CertificateStoreException {
    Instant now = clock.instant();
    // Made while the clock was not set, it must be valid once it is.
    Instant start = now.isBefore(Certificates.EARLIEST_CLOCK) ? Certificates.EARLIEST_CLOCK : now;
    KeyPair keys = Keys.generate(KeyType.EC_P256, random);
    Validity validity = new Validity(now.minus(BACKDATED), start.plus(VALIDITY));
    X509Certificate certificate = issuing.authority(keys, subject, validity);
    record(name, Map.of("change", "certificate authority made"));
    Entry entry = new Entry(keys.getPrivate(), List.of(certificate));
    file.write(entry);
    return entry;
  }

  private void record(String name, Map<String, String> details) throws CertificateStoreException {
    try {
      audit.record(
          new AuditEvent(
              AuditEvent.Action.CERTIFICATE, "system", "certificates", name, "ok", details));
    } catch (AuditUnavailableException unavailable) {
      throw new CertificateStoreException(String.valueOf(unavailable.getMessage()), unavailable);
    }
  }

  private final class Signing implements Authority {
    private final String name;
    private final Entry entry;

    Signing(String name, Entry entry) {
      this.name = name;
      this.entry = entry;
    }

    @Override
    public X509Certificate certificate() {
      return entry.certificate();
    }

    @Override
    public X509Certificate issue(
        String csrPem, Use use, List<String> alternativeNames, Instant notBefore, Instant notAfter)
        throws CertificateStoreException {
      if (!notBefore.isBefore(notAfter)) {
        throw new CertificateStoreException(
            "Certificate authority '%s': expected an end of validity after %s, found %s"
                .formatted(name, Certificates.date(notBefore), Certificates.date(notAfter)));
      }
      X509Certificate issued =
          SigningRequest.decode(PemIdentity.signingRequest(csrPem))
              .issue(
                  issuing,
                  new SigningRequest.Signer(entry.certificate(), entry.key()),
                  use,
                  alternativeNames,
                  new Validity(notBefore, notAfter));
      record(
          name,
          Map.of(
              "change", "certificate issued",
              "use", use.name(),
              "subject", Certificates.describe(issued),
              "serial", issued.getSerialNumber().toString(16)));
      return issued;
    }

    @Override
    public String toString() {
      return "Authority[" + name + "]";
    }
  }
}
