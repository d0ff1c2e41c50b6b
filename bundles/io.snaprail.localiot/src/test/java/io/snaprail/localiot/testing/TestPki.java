package io.snaprail.localiot.testing;

import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.IdentityInfo.State;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.RefusedCertificate;
import io.snaprail.api.certificate.RootInfo;
import io.snaprail.testkit.peer.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Certificate store and authorities on the openssl program: files in a folder, so that a second
 * instance over the same folder is a restart.
 */
public final class TestPki implements CertificateStore, CertificateAuthorities {
  private final Path folder;
  private final CertificateAuthorities authorities;
  private final Map<String, List<String>> requestedNames = new TreeMap<>();

  /** How many keys were made: shows what is idempotent. */
  public int keysMade;

  public TestPki(Path folder) {
    Programs.require("openssl", "openssl");
    try {
      this.folder = Files.createDirectories(folder);
      this.authorities = new TestAuthorities(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- for tests

  /** Makes a key and a certificate of an authority, as an identity of the store. */
  public X509Certificate makeClient(String identity, String subject, Authority issuer)
      throws CertificateStoreException {
    String request = createSigningRequest(identity, KeyType.EC_P256, subject, List.of());
    Instant now = Instant.now();
    X509Certificate certificate =
        issuer.issue(
            request, Use.CLIENT, List.of(), now.minusSeconds(60), now.plus(Duration.ofDays(99)));
    importCertificate(identity, Pems.pem(certificate));
    return certificate;
  }

  /** File with the private key of an identity, PKCS#8 PEM. */
  public Path keyFile(String identity) {
    return folder.resolve(identity + ".key");
  }

  /** File with the certificate of an identity. */
  public Path certificateFile(String identity) {
    return folder.resolve(identity + ".crt");
  }

  /** File with a set of roots. */
  public Path rootsFile(String name) {
    return folder.resolve(name + ".roots");
  }

  // ---- CertificateAuthorities

  @Override
  public Authority open(String name, String subject) throws CertificateStoreException {
    return authorities.open(name, subject);
  }

  // ---- CertificateStore

  @Override
  public List<IdentityInfo> identities() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<IdentityInfo> active(String name) {
    Path file = certificateFile(name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    X509Certificate certificate = Pems.certificates(Pems.read(file)).get(0);
    return Optional.of(
        new IdentityInfo(
            name,
            State.ACTIVE,
            "EC P-256",
            certificate.getSubjectX500Principal().getName(),
            certificate.getIssuerX500Principal().getName(),
            Pems.fingerprint(certificate),
            certificate.getNotBefore().toInstant(),
            certificate.getNotAfter().toInstant(),
            requestedNames.getOrDefault(name, List.of()),
            ""));
  }

  @Override
  public Set<String> tokens() {
    return Set.of();
  }

  @Override
  public String createSigningRequest(String name, KeyRequest wanted) {
    keysMade++;
    requestedNames.put(name, wanted.alternativeNames());
    Path key = folder.resolve(name + ".pending.key");
    Path request = folder.resolve(name + ".pending.csr");
    Programs.succeed(
        "openssl",
        "req",
        "-new",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        key.toString(),
        "-out",
        request.toString(),
        "-subj",
        TestAuthorities.slashes(wanted.subject()));
    return Pems.read(request);
  }

  @Override
  public IdentityInfo createSelfSigned(
      String name, KeyType type, String subject, List<String> alternativeNames, Duration validity) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IdentityInfo importCertificate(String name, String pem) {
    try {
      Pems.write(certificateFile(name), pem);
      Files.move(
          folder.resolve(name + ".pending.key"),
          keyFile(name),
          StandardCopyOption.REPLACE_EXISTING);
      return active(name).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public IdentityInfo importIdentity(String name, String pem, char[] passphrase) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IdentityInfo importPkcs12(String name, byte[] file, char[] passphrase) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IdentityInfo commit(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IdentityInfo rollBack(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void accepted(SSLContext context) {}

  @Override
  public void failed(SSLContext context) {}

  @Override
  public List<RootInfo> roots(String name) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<RefusedCertificate> refused() {
    return List.of();
  }

  @Override
  public void trust(String fingerprint, String roots) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void discardRequest(String name) {
    throw new UnsupportedOperationException("not used here");
  }

  @Override
  public void removeIdentity(String name) {
    try {
      Files.deleteIfExists(keyFile(name));
      Files.deleteIfExists(certificateFile(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Set<String> rootSets() {
    Set<String> names = new TreeSet<>();
    String[] files = folder.toFile().list((unused, name) -> name.endsWith(".roots"));
    for (String file : files == null ? new String[0] : files) {
      names.add(file.substring(0, file.length() - ".roots".length()));
    }
    return names;
  }

  @Override
  public void importRoots(String name, String pem) {
    Pems.write(rootsFile(name), pem);
  }

  @Override
  public String rootsPem(String name) {
    return Pems.read(rootsFile(name));
  }

  @Override
  public SSLContext clientContext(String identity, String roots) {
    return context(identity, () -> Pems.trust(rootsPem(roots)));
  }

  @Override
  public SSLContext serverContext(String identity, String clientRoots) {
    return context(identity, () -> Pems.trust(rootsPem(clientRoots)));
  }

  @Override
  public SSLContext serverContext(String identity, X509ExtendedTrustManager clients) {
    return context(identity, () -> new TrustManager[] {clients});
  }

  /** Whom a context trusts. */
  @FunctionalInterface
  private interface Trust {
    TrustManager[] managers() throws GeneralSecurityException, IOException;
  }

  private SSLContext context(String identity, Trust trust) {
    try {
      KeyManagerFactory keys =
          identity.isEmpty()
              ? Pems.noKeys()
              : Pems.keys(keyFile(identity), certificateFile(identity));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.managers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
