package io.snaprail.console;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.RefusedCertificate;
import io.snaprail.api.certificate.RootInfo;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509ExtendedTrustManager;

/** A certificate store in memory; its one real key is made by the JDK's keytool. */
final class FakeStore implements CertificateStore {
  private static SSLContext context;

  final Map<String, IdentityInfo> identities = new ConcurrentHashMap<>();
  final Map<String, String> roots = new ConcurrentHashMap<>();

  /** On whose behalf requests were made. */
  final List<Actor> actors = new CopyOnWriteArrayList<>();

  private final Clock clock;

  FakeStore(Clock clock) {
    this.clock = clock;
  }

  static IdentityInfo identity(
      String name, String issuer, Instant notAfter, List<String> alternativeNames) {
    return new IdentityInfo(
        name,
        IdentityInfo.State.ACTIVE,
        "EC P-256",
        "CN=Snaprail console,O=Snaprail",
        issuer,
        "00",
        notAfter.minus(Duration.ofDays(1)),
        notAfter,
        alternativeNames,
        "");
  }

  private static synchronized SSLContext context() throws Exception {
    if (context == null) {
      Path file = Files.createTempDirectory("snaprail-test").resolve("console.p12");
      keytool(file);
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, "test-only".toCharArray());
      }
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, "test-only".toCharArray());
      context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
    }
    return context;
  }

  private static void keytool(Path file) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "console",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=Snaprail console",
                "-ext",
                "SAN=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "test-only",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .start();
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException(
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Override
  public SSLContext serverContext(String identity, X509ExtendedTrustManager clients)
      throws CertificateStoreException {
    return serverContext(identity, "");
  }

  @Override
  public SSLContext serverContext(String identity, String clientRoots)
      throws CertificateStoreException {
    try {
      return context();
    } catch (Exception e) {
      throw new CertificateStoreException("no test identity", e);
    }
  }

  @Override
  public List<IdentityInfo> identities() {
    return List.copyOf(identities.values());
  }

  @Override
  public Optional<IdentityInfo> active(String name) {
    return Optional.ofNullable(identities.get(name));
  }

  @Override
  public String createSigningRequest(String name, KeyRequest wanted)
      throws CertificateStoreException {
    Actor.current().ifPresent(actors::add);
    if (!wanted.subject().startsWith("CN=")) {
      throw new CertificateStoreException("subject '" + wanted.subject() + "' is not RFC 4514");
    }
    return "request for "
        + name
        + " "
        + wanted.type()
        + " "
        + wanted.subject()
        + " "
        + wanted.alternativeNames()
        + wanted.role()
        + wanted.token();
  }

  @Override
  public Set<String> tokens() {
    return Set.of("hsm");
  }

  @Override
  public IdentityInfo createSelfSigned(
      String name, KeyType type, String subject, List<String> names, Duration validity) {
    IdentityInfo made = identity(name, subject, clock.instant().plus(validity), names);
    identities.put(name, made);
    return made;
  }

  @Override
  public IdentityInfo importCertificate(String name, String pem) throws CertificateStoreException {
    return importIdentity(name, pem, null);
  }

  @Override
  public IdentityInfo importIdentity(String name, String pem, char[] passphrase)
      throws CertificateStoreException {
    if (!pem.startsWith("-----BEGIN")) {
      throw new CertificateStoreException("line 1 is not PEM");
    }
    IdentityInfo made = identity(name, "CN=CA", clock.instant(), List.of());
    identities.put(name, made);
    return made;
  }

  @Override
  public IdentityInfo importPkcs12(String name, byte[] file, char[] passphrase) {
    IdentityInfo made = identity(name, "CN=" + file.length, clock.instant(), List.of());
    identities.put(name, made);
    return made;
  }

  @Override
  public IdentityInfo commit(String name) throws CertificateStoreException {
    throw new CertificateStoreException(name + " has nothing on trial");
  }

  @Override
  public IdentityInfo rollBack(String name) {
    IdentityInfo back = identity(name, "CN=back", clock.instant(), List.of());
    identities.put(name, back);
    return back;
  }

  @Override
  public void accepted(SSLContext context) {}

  @Override
  public void failed(SSLContext context) {}

  @Override
  public List<RootInfo> roots(String name) {
    Instant now = clock.instant();
    return List.of(new RootInfo("CN=Root of " + name, "EC P-256", "00", now, now));
  }

  @Override
  public List<RefusedCertificate> refused() {
    Instant now = clock.instant();
    return List.of(
        new RefusedCertificate(
            "ab12", "CN=mq", "CN=mq", now, now, "mq.example", "self-signed", true, 1, now, "PEM"));
  }

  @Override
  public void trust(String fingerprint, String set) {
    roots.put(set, fingerprint);
  }

  @Override
  public void discardRequest(String name) {
    identities.computeIfPresent(
        name, (n, info) -> info.state() == IdentityInfo.State.PENDING ? null : info);
  }

  @Override
  public void removeIdentity(String name) {
    identities.remove(name);
  }

  @Override
  public Set<String> rootSets() {
    return roots.keySet();
  }

  @Override
  public void importRoots(String name, String pem) {
    roots.put(name, pem);
  }

  @Override
  public String rootsPem(String name) {
    return roots.get(name);
  }

  @Override
  public SSLContext clientContext(String identity, String set) {
    throw new UnsupportedOperationException("the console is no client");
  }
}
