package io.snaprail.certificates;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.SigningOrder;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.store.Entry;
import io.snaprail.certificates.internal.store.KeyFile;
import io.snaprail.certificates.internal.store.Roots;
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
@Component(service = {CertificateAuthorities.class, CertificateAuthoritiesComponent.class})
public final class CertificateAuthoritiesComponent implements CertificateAuthorities {
  private static final Duration VALIDITY = Duration.ofDays(30 * 365);
  private static final Duration BACKDATED = Duration.ofDays(1);

  /** Browsers refuse server certificates that are valid for longer than about this. */
  private static final Duration LONGEST = Duration.ofDays(820);

  private final Path folder;
  private final SecretStore secrets;
  private final AuditLines audit;
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
    this.audit = new AuditLines(audit);
    this.clock = clock;
  }

  @Override
  public Signing open(String name, String subject) throws CertificateStoreException {
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

  /**
   * Signs the request of a rotation: for what the present certificate is good for, and for as long.
   * At the first time the authority is made, and its certificate put among the sets of roots under
   * its name, for whoever is to trust it.
   *
   * @return the certificate and the authority's, in PEM
   */
  String renew(String name, SigningOrder order) throws CertificateStoreException {
    Signing authority = open(name, "CN=Snaprail authority " + name + ",O=Snaprail");
    X509Certificate root = authority.certificate();
    Roots roots = new Roots(folder.resolveSibling("roots"));
    if (!roots.names().contains(name)) {
      roots.put(name, List.of(root));
    }
    Instant now = clock.instant();
    X509Certificate old = order.current();
    Duration life = Duration.between(old.getNotBefore().toInstant(), old.getNotAfter().toInstant());
    Instant end = now.plus(life.compareTo(LONGEST) < 0 ? life : LONGEST);
    Instant last = root.getNotAfter().toInstant();
    X509Certificate issued =
        SigningRequest.decode(PemIdentity.signingRequest(order.csr()))
            .renew(
                issuing,
                authority.signer(),
                old,
                new Validity(now.minus(BACKDATED), end.isBefore(last) ? end : last));
    authority.note(issued, "renewal of " + order.identity());
    return Certificates.toPem(List.of(issued, root));
  }

  private Entry create(String name, String subject, KeyFile file) throws CertificateStoreException {
    Instant now = clock.instant();
    // Made while the clock was not set, it must be valid once it is.
    Instant start = now.isBefore(Certificates.EARLIEST_CLOCK) ? Certificates.EARLIEST_CLOCK : now;
    KeyPair keys = Keys.generate(KeyType.EC_P256, random);
    Validity validity = new Validity(now.minus(BACKDATED), start.plus(VALIDITY));
    X509Certificate certificate = issuing.authority(keys, subject, validity);
    audit.add(name, "ok", Map.of("change", "certificate authority made"));
    Entry entry = new Entry(keys.getPrivate(), List.of(certificate));
    file.write(entry);
    return entry;
  }

  /** An open authority. */
  final class Signing implements Authority {
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
              .issue(issuing, signer(), use, alternativeNames, new Validity(notBefore, notAfter));
      note(issued, use.name());
      return issued;
    }

    private SigningRequest.Signer signer() {
      return new SigningRequest.Signer(entry.certificate(), entry.key());
    }

    private void note(X509Certificate issued, String use) throws CertificateStoreException {
      audit.add(
          name,
          "ok",
          Map.of(
              "change",
              "certificate issued",
              "use",
              use,
              "subject",
              Certificates.describe(issued),
              "serial",
              issued.getSerialNumber().toString(16)));
    }

    @Override
    public String toString() {
      return "Authority[" + name + "]";
    }
  }
}
