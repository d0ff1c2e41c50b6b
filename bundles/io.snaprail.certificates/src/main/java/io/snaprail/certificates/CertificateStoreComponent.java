package io.snaprail.certificates;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.RefusedCertificate;
import io.snaprail.api.certificate.RootInfo;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.internal.pem.PemIdentity;
import io.snaprail.certificates.internal.pkcs12.Pkcs12;
import io.snaprail.certificates.internal.store.Chains;
import io.snaprail.certificates.internal.store.Entry;
import io.snaprail.certificates.internal.store.Generation;
import io.snaprail.certificates.internal.store.Identities;
import io.snaprail.certificates.internal.store.Roots;
import io.snaprail.certificates.internal.store.StoreNames;
import io.snaprail.certificates.internal.tls.Refusals;
import io.snaprail.certificates.internal.tls.TlsContexts;
import io.snaprail.certificates.internal.token.Tokens;
import io.snaprail.certificates.internal.x509.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link CertificateStore} service: {@code <data>/certificates/identities} and {@code roots}.
 * Every change is audited before it happens, and refused when it cannot be. Files are read when
 * they are first asked for.
 */
@Component(service = {CertificateStore.class, CertificateStoreComponent.class})
public final class CertificateStoreComponent implements CertificateStore {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateStoreComponent.class);

  /** What matters most first. */
  private static final List<Generation> SHOWN =
      List.of(Generation.ACTIVE, Generation.TRIAL, Generation.PENDING, Generation.PREVIOUS);

  private final Tokens tokens = new Tokens();
  private final Identities identities;
  private final Roots roots;
  private final Changes changes;
  private final Rotation rotation;
  private final Refusals refusals;
  private final TlsContexts contexts;
  private final KeyMaking making;
  private final RotationKeys rotationKeys;
  private final ExpiryCheck expiry;

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
    removeLeftovers(folder);
    this.identities = new Identities(folder.resolve("identities"), secrets, tokens);
    this.roots = new Roots(folder.resolve("roots"));
    this.making = new KeyMaking(tokens, clock);
    this.changes = new Changes(audit, watch);
    this.rotation = new Rotation(identities, changes);
    this.rotationKeys = new RotationKeys(identities, making, rotation, changes, clock);
    this.refusals = new Refusals(clock);
    this.contexts = new TlsContexts(clock, refusals);
    this.expiry = new ExpiryCheck(identities, roots, clock);
    watch.watch(
        "store",
        () ->
            Stream.of(expiry.problems(), rotation.problems(), tokens.problems())
                .flatMap(List::stream)
                .toList());
  }

  private static void removeLeftovers(Path folder) {
    try {
      int removed = AtomicFile.removeLeftovers(folder);
      LOG.debug("{} unfinished files of an earlier run removed", removed);
    } catch (IOException | UncheckedIOException kept) {
      LOG.warn("Unfinished files of an earlier run stay in {}: {}", folder, kept.getMessage());
    }
  }

  /** What rotations do with identities. */
  RotationKeys rotationKeys() {
    return rotationKeys;
  }

  /** When certificates end. */
  ExpiryCheck expiry() {
    return expiry;
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
      for (Generation generation : SHOWN) {
        info(name, generation).ifPresent(all::add);
      }
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
      return entry.isEmpty()
          ? Optional.empty()
          : Optional.of(Infos.of(name, generation, entry.get()));
    } catch (CertificateStoreException unreadable) {
      LOG.debug("Identity {} is left out: {}", name, unreadable.getMessage());
      return Optional.empty();
    }
  }

  @Override
  public String createSigningRequest(String name, KeyRequest wanted)
      throws CertificateStoreException {
    StoreNames.require("Identity", name);
    KeyMaking.Made made = making.make(wanted);
    changes.make(
        name,
        "key and signing request made",
        () -> identities.putPending(name, KeyMaking.keep(name, made)));
    return made.request();
  }

  @Override
  public Set<String> tokens() {
    return tokens.names();
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeToken")
  void addToken(TokenComponent token) {
    tokens.add(token.token());
    tokensChanged();
  }

  void removeToken(TokenComponent token) {
    tokens.remove(token.token());
    tokensChanged();
  }

  private void tokensChanged() {
    identities.tokensChanged();
    // It may have had trouble before it was known here.
    changes.checkAnew(Duration.ZERO);
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
    Entry entry = making.selfSigned(type, subject, alternativeNames, validity);
    return rotation.replace(name, "key and self-signed certificate made", entry);
  }

  @Override
  public IdentityInfo importCertificate(String name, String pem) throws CertificateStoreException {
    StoreNames.require("Identity", name);
    Entry entry = identities.complete(name, PemIdentity.certificatesOnly(pem));
    rotationKeys.requireValid(name, entry);
    return rotation.replace(name, "certificate imported", entry);
  }

  @Override
  public IdentityInfo importIdentity(String name, String pem, char @Nullable [] passphrase)
      throws CertificateStoreException {
    StoreNames.require("Identity", name);
    return importIdentity(name, PemIdentity.parse(pem, passphrase));
  }

  @Override
  public IdentityInfo importPkcs12(String name, byte[] file, char[] passphrase)
      throws CertificateStoreException {
    StoreNames.require("Identity", name);
    return importIdentity(name, Pkcs12.read(file, passphrase));
  }

  private IdentityInfo importIdentity(String name, PemIdentity parsed)
      throws CertificateStoreException {
    PrivateKey key = parsed.key();
    if (key == null) {
      throw new CertificateStoreException(
          "Identity '%s': no private key found, only %d certificate(s). Bring the key with it; or, if its signing request was made here, import it as a certificate."
              .formatted(name, parsed.certificates().size()));
    }
    if (parsed.certificates().isEmpty()) {
      String where = parsed.keyLine() == 0 ? "" : " in line " + parsed.keyLine();
      throw new CertificateStoreException(
          "Identity '%s': a private key%s, but no certificate. Bring both.".formatted(name, where));
    }
    Entry entry = new Entry(key, Chains.of(key, parsed.certificates()));
    rotationKeys.requireValid(name, entry);
    return rotation.replace(name, "key and certificate imported", entry);
  }

  @Override
  public IdentityInfo commit(String name) throws CertificateStoreException {
    return rotation.commit(StoreNames.require("Identity", name));
  }

  @Override
  public IdentityInfo rollBack(String name) throws CertificateStoreException {
    return rotation.rollBack(StoreNames.require("Identity", name));
  }

  @Override
  public void discardRequest(String name) throws CertificateStoreException {
    StoreNames.require("Identity", name);
    if (identities.get(name, Generation.PENDING).isEmpty()) {
      throw new CertificateStoreException(
          "Identity '%s' has no signing request that waits for its certificate".formatted(name));
    }
    changes.make(name, "signing request discarded", () -> identities.discardPending(name));
  }

  @Override
  public void accepted(SSLContext context) {
    rotation.accepted(context);
  }

  @Override
  public void failed(SSLContext context) {
    rotation.failed(context);
  }

  @Override
  public void removeIdentity(String name) throws CertificateStoreException {
    StoreNames.require("Identity", name);
    changes.make(name, "identity removed", () -> identities.remove(name));
    rotation.removed(name);
  }

  @Override
  public Set<String> rootSets() {
    return roots.names();
  }

  @Override
  public void importRoots(String name, String pem) throws CertificateStoreException {
    StoreNames.require("Set of roots", name);
    List<X509Certificate> parsed = Roots.parse(pem);
    changes.make(name, "roots imported", () -> roots.put(name, parsed));
  }

  @Override
  public String rootsPem(String name) throws CertificateStoreException {
    return roots.pem(name);
  }

  @Override
  public List<RootInfo> roots(String name) throws CertificateStoreException {
    List<RootInfo> infos = new ArrayList<>();
    for (X509Certificate root : name.isEmpty() ? TlsContexts.publicRoots() : roots.get(name)) {
      infos.add(Infos.root(root));
    }
    if (name.isEmpty()) {
      // Those that the cloud connector needs first, then as a telephone book has them.
      infos.sort(
          Comparator.comparing((RootInfo root) -> !root.subject().contains("O=Amazon"))
              .thenComparing(RootInfo::subject));
    }
    return List.copyOf(infos);
  }

  @Override
  public List<RefusedCertificate> refused() {
    return refusals.all();
  }

  @Override
  public void trust(String fingerprint, String rootSet) throws CertificateStoreException {
    StoreNames.require("Set of roots", rootSet);
    X509Certificate anchor = refusals.anchor(fingerprint);
    List<X509Certificate> together = new ArrayList<>();
    if (roots.names().contains(rootSet)) {
      together.addAll(roots.get(rootSet));
    }
    if (!together.contains(anchor)) {
      together.add(anchor);
    }
    String what = "refused certificate trusted: " + Certificates.describe(anchor);
    changes.make(rootSet, what, () -> roots.put(rootSet, together));
    refusals.forget(fingerprint);
  }

  @Override
  public SSLContext clientContext(String identity, String rootSet)
      throws CertificateStoreException {
    List<X509Certificate> trusted = rootSet.isEmpty() ? List.of() : roots.get(rootSet);
    if (identity.isEmpty()) {
      return contexts.client(Optional.empty(), rootSet, trusted);
    }
    Rotation.Shown shown = rotation.next(StoreNames.require("Identity", identity));
    SSLContext context = contexts.client(Optional.of(shown.entry()), rootSet, trusted);
    rotation.given(identity, shown, context);
    return context;
  }

  @Override
  public SSLContext serverContext(String identity, String clientRoots)
      throws CertificateStoreException {
    rotation.served(identity);
    return contexts.server(
        rotation.active(StoreNames.require("Identity", identity)),
        clientRoots,
        clientRoots.isEmpty() ? List.of() : roots.get(clientRoots));
  }

  @Override
  public SSLContext serverContext(String identity, X509ExtendedTrustManager clients)
      throws CertificateStoreException {
    return contexts.server(rotation.active(StoreNames.require("Identity", identity)), clients);
  }
}
