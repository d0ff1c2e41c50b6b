package io.snaprail.certificates;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.IdentityInfo.State;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.store.Chains;
import io.snaprail.certificates.internal.store.Entry;
import io.snaprail.certificates.internal.store.Generation;
import io.snaprail.certificates.internal.store.Identities;
import io.snaprail.certificates.internal.store.Roots;
import io.snaprail.certificates.internal.store.StoreNames;
import io.snaprail.certificates.internal.tls.TlsContexts;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Issuing;
import io.snaprail.certificates.internal.x509.Issuing.Validity;
import io.snaprail.certificates.internal.x509.Keys;
import io.snaprail.certificates.internal.x509.Names;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link CertificateStore} service: {@code <data>/certificates/identities} and {@code roots}.
 * Every change is audited before it happens, and refused when it cannot be. Files are read when
 * they are first asked for.
 */
@Component(service = CertificateStore.class)
public final class CertificateStoreComponent implements CertificateStore {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateStoreComponent.class);
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private final Identities identities;
  private final Roots roots;
  private final AuditLog audit;
  private final Clock clock;
  private final CertificateWatch watch;
  private final TlsContexts contexts;
  private final SecureRandom random = new SecureRandom();
  private final Issuing issuing = new Issuing(random);

  /** Opens nothing yet. */
  @Activate
  public CertificateStoreComponent(
      BundleContext context,
      @Reference SecretStore secrets,
      @Reference AuditLog audit,
      @Reference CertificateWatch watch) {
    this(folder(context), secrets, audit, watch, Clock.systemUTC());
  }

  CertificateStoreComponent(
      Path folder, SecretStore secrets, AuditLog audit, CertificateWatch watch, Clock clock) {
    this.identities = new Identities(folder.resolve("identities"), secrets);
    this.roots = new Roots(folder.resolve("roots"));
    this.audit = audit;
    this.watch = watch;
    this.clock = clock;
    this.contexts = new TlsContexts(clock);
    watch.watch(new ExpiryCheck(identities, roots, clock)::problems);
  }

  static Path folder(BundleContext context) {
    String data = context.getProperty(RuntimeProperties.DATA_DIR);
    if (data == null || data.isBlank()) {
      throw new IllegalStateException(
          "Framework property "
              + RuntimeProperties.DATA_DIR
              + " is not set: the launcher must name the data folder");
    }
    return Path.of(data).toAbsolutePath().resolve("certificates");
  }

  @Override
  public List<IdentityInfo> identities() {
    List<IdentityInfo> all = new ArrayList<>();
    for (String name : identities.names()) {
      info(name, Generation.ACTIVE).ifPresent(all::add);
      info(name, Generation.PENDING).ifPresent(all::add);
    }
    return List.copyOf(all);
  }

  @Override
  public Optional<IdentityInfo> active(String name) {
    return info(name, Generation.ACTIVE);
  }

  /** What cannot be read is not listed here: it stands on the problem board. */
  private Optional<IdentityInfo> info(String name, Generation generation) {
    try {
      StoreNames.require("Identity", name);
      Optional<Entry> entry = identities.get(name, generation);
      return entry.isEmpty() ? Optional.empty() : Optional.of(info(name, generation, entry.get()));
    } catch (CertificateStoreException unreadable) {
      LOG.debug("Identity {} is left out: {}", name, unreadable.getMessage());
      return Optional.empty();
    }
  }

  private static IdentityInfo info(String name, Generation generation, Entry entry)
      throws CertificateStoreException {
    X509Certificate certificate = entry.certificate();
    boolean pending = generation == Generation.PENDING;
    return new IdentityInfo(
        name,
        pending ? State.PENDING : State.ACTIVE,
        Keys.describe(certificate.getPublicKey()),
        Names.text(certificate.getSubjectX500Principal()),
        pending ? "" : Names.text(certificate.getIssuerX500Principal()),
        pending ? "" : Certificates.fingerprint(certificate),
        pending ? null : certificate.getNotBefore().toInstant(),
        pending ? null : certificate.getNotAfter().toInstant(),
        Names.alternativeNames(certificate));
  }

  @Override
  public String createSigningRequest(
      String name, KeyType type, String subject, List<String> alternativeNames)
      throws CertificateStoreException {
    return createSigningRequest(name, type, subject, alternativeNames, "");
  }

  @Override
  public String createSigningRequest(
      String name, KeyType type, String subject, List<String> alternativeNames, String role)
      throws CertificateStoreException {
    StoreNames.require("Identity", name);
    KeyPair keys = Keys.generate(type, random);
    String request = issuing.request(keys, subject, alternativeNames, role.strip());
    // PKCS#12 keeps no key without a certificate; this one also keeps what was asked for.
    Entry pending = selfSigned(keys, subject, alternativeNames, Duration.ofDays(1));
    change(name, "key and signing request made", () -> identities.putPending(name, pending));
    return request;
  }

  @Override
  public IdentityInfo createSelfSigned(
      String name, KeyType type, String subject, List<String> alternativeNames, Duration validity)
      throws CertificateStoreException {
    StoreNames.require("Identity", name);
    if (validity.isNegative() || validity.isZero()) {
      throw new CertificateStoreException(
          "Identity '%s': expected a positive validity, found %s".formatted(name, validity));
    }
    KeyPair keys = Keys.generate(type, random);
    Entry entry = selfSigned(keys, subject, alternativeNames, validity);
    return activate(name, "key and self-signed certificate made", entry);
  }

  private Entry selfSigned(
      KeyPair keys, String subject, List<String> alternativeNames, Duration validity)
      throws CertificateStoreException {
    Instant now = clock.instant();
    // Made while the clock was not set, it must be valid once it is.
    Instant until = now.isBefore(Certificates.EARLIEST_CLOCK) ? Certificates.EARLIEST_CLOCK : now;
    Validity period = new Validity(now.minus(BACKDATED), until.plus(validity));
    X509Certificate certificate = issuing.selfSigned(keys, subject, alternativeNames, period);
    return new Entry(keys.getPrivate(), List.of(certificate));
  }

  @Override
  public IdentityInfo importCertificate(String name, String pem) throws CertificateStoreException {
    StoreNames.require("Identity", name);
    Entry entry = identities.complete(name, PemIdentity.certificatesOnly(pem));
    return activate(name, "certificate imported", entry);
  }

  @Override
  public IdentityInfo importIdentity(String name, String pem, char @Nullable [] passphrase)
      throws CertificateStoreException {
    StoreNames.require("Identity", name);
    PemIdentity parsed = PemIdentity.parse(pem, passphrase);
    PrivateKey key = parsed.key();
    if (key == null) {
      throw new CertificateStoreException(
          "Identity '%s': no private key found, only %d certificate(s). Bring the key with it; or, if its signing request was made here, import it as a certificate."
              .formatted(name, parsed.certificates().size()));
    }
    if (parsed.certificates().isEmpty()) {
      throw new CertificateStoreException(
          "Identity '%s': a private key in line %d, but no certificate. Bring both."
              .formatted(name, parsed.keyLine()));
    }
    Entry entry = new Entry(key, Chains.of(key, parsed.certificates()));
    return activate(name, "key and certificate imported", entry);
  }

  private IdentityInfo activate(String name, String what, Entry entry)
      throws CertificateStoreException {
    for (X509Certificate certificate : entry.chain()) {
      Optional<String> weakness = Certificates.weakness(certificate);
      if (weakness.isPresent()) {
        throw new CertificateStoreException(
            "Identity '%s': certificate %s is refused: %s"
                .formatted(name, Certificates.describe(certificate), weakness.get()));
      }
    }
    change(name, what, () -> identities.activate(name, entry));
    return info(name, Generation.ACTIVE, entry);
  }

  @Override
  public void removeIdentity(String name) throws CertificateStoreException {
    StoreNames.require("Identity", name);
    change(name, "identity removed", () -> identities.remove(name));
  }

  @Override
  public Set<String> rootSets() {
    return roots.names();
  }

  @Override
  public void importRoots(String name, String pem) throws CertificateStoreException {
    StoreNames.require("Set of roots", name);
    List<X509Certificate> parsed = Roots.parse(pem);
    change(name, "roots imported", () -> roots.put(name, parsed));
  }

  @Override
  public String rootsPem(String name) throws CertificateStoreException {
    return roots.pem(name);
  }

  @Override
  public SSLContext clientContext(String identity, String rootSet)
      throws CertificateStoreException {
    Optional<Entry> entry =
        identity.isEmpty() ? Optional.empty() : Optional.of(requireActive(identity));
    return contexts.client(entry, rootSet, rootSet.isEmpty() ? List.of() : roots.get(rootSet));
  }

  @Override
  public SSLContext serverContext(String identity, String clientRoots)
      throws CertificateStoreException {
    return contexts.server(
        requireActive(identity),
        clientRoots,
        clientRoots.isEmpty() ? List.of() : roots.get(clientRoots));
  }

  private Entry requireActive(String name) throws CertificateStoreException {
    StoreNames.require("Identity", name);
    Optional<Entry> active = identities.get(name, Generation.ACTIVE);
    if (active.isPresent()) {
      return active.get();
    }
    boolean pending = identities.get(name, Generation.PENDING).isPresent();
    throw new CertificateStoreException(
        pending
            ? "Identity '%s' waits for its certificate: have its signing request signed and import the result."
                .formatted(name)
            : "There is no identity named '%s'. Import a key and certificate under that name, or make a signing request."
                .formatted(name));
  }

  private void change(String name, String what, Change change) throws CertificateStoreException {
    record(name, "ok", what);
    try {
      change.run();
    } catch (CertificateStoreException failure) {
      try {
        record(name, "failed", what);
      } catch (CertificateStoreException notAudited) {
        failure.addSuppressed(notAudited);
      }
      throw failure;
    }
    watch.changed(name);
  }

  private void record(String name, String outcome, String what) throws CertificateStoreException {
    try {
      audit.record(
          new AuditEvent(
              AuditEvent.Action.CERTIFICATE,
              "system",
              "certificates",
              name,
              outcome,
              Map.of("change", what)));
    } catch (AuditUnavailableException unavailable) {
      throw new CertificateStoreException(String.valueOf(unavailable.getMessage()), unavailable);
    }
  }

  /** A change of what is on disk. */
  @FunctionalInterface
  private interface Change {
    void run() throws CertificateStoreException;
  }
}
