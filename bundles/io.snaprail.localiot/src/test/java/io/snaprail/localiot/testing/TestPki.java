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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Certificate store and authorities on the openssl program: files in a folder, so that a second
 * instance over the same folder is a restart.
 */
public final class TestPki implements CertificateStore, CertificateAuthorities {
  private final Path folder;
  private final Map<String, List<String>> requestedNames = new TreeMap<>();

  /** How many keys were made: shows what is idempotent. */
  public int keysMade;

  public TestPki(Path folder) {
    Programs.require("openssl", "openssl");
    try {
      this.folder = Files.createDirectories(folder);
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
    importCertificate(identity, pem(certificate));
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
    Path key = folder.resolve(name + ".ca.key");
    Path certificate = folder.resolve(name + ".ca.crt");
    if (!Files.exists(certificate)) {
      Programs.succeed(
          "openssl",
          "req",
          "-x509",
          "-newkey",
          "ec",
          "-pkeyopt",
          "ec_paramgen_curve:P-256",
          "-nodes",
          "-keyout",
          key.toString(),
          "-out",
          certificate.toString(),
          "-days",
          "3650",
          "-subj",
          slashes(subject),
          "-addext",
          "keyUsage=critical,keyCertSign,cRLSign");
    }
    return new OpensslAuthority(key, certificate);
  }

  private final class OpensslAuthority implements Authority {
    private final Path key;
    private final Path certificate;

    OpensslAuthority(Path key, Path certificate) {
      this.key = key;
      this.certificate = certificate;
    }

    @Override
    public X509Certificate certificate() {
      return certificates(read(certificate)).get(0);
    }

    @Override
    public X509Certificate issue(
        String csrPem, Use use, List<String> names, Instant notBefore, Instant notAfter) {
      Path request = folder.resolve("request.csr");
      Path extensions = folder.resolve("request.ext");
      Path out = folder.resolve("request.crt");
      List<String> lines = new ArrayList<>();
      lines.add("extendedKeyUsage=" + (use == Use.SERVER ? "serverAuth" : "clientAuth"));
      if (!names.isEmpty()) {
        lines.add("subjectAltName=" + String.join(",", names.stream().map(TestPki::san).toList()));
      }
      write(request, csrPem);
      write(extensions, String.join("\n", lines) + "\n");
      // This openssl counts in days from now: enough for tests, which compare only the end.
      long days = Math.max(1, Duration.between(Instant.now(), notAfter).toDays());
      Programs.succeed(
          "openssl",
          "x509",
          "-req",
          "-in",
          request.toString(),
          "-CA",
          certificate.toString(),
          "-CAkey",
          key.toString(),
          "-out",
          out.toString(),
          "-days",
          Long.toString(days),
          "-extfile",
          extensions.toString());
      return certificates(read(out)).get(0);
    }
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
    X509Certificate certificate = certificates(read(file)).get(0);
    return Optional.of(
        new IdentityInfo(
            name,
            State.ACTIVE,
            "EC P-256",
            certificate.getSubjectX500Principal().getName(),
            certificate.getIssuerX500Principal().getName(),
            fingerprint(certificate),
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
        slashes(wanted.subject()));
    return read(request);
  }

  @Override
  public IdentityInfo createSelfSigned(
      String name, KeyType type, String subject, List<String> alternativeNames, Duration validity) {
    throw new UnsupportedOperationException();
  }

  @Override
  public IdentityInfo importCertificate(String name, String pem) {
    try {
      write(certificateFile(name), pem);
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
    write(rootsFile(name), pem);
  }

  @Override
  public String rootsPem(String name) {
    return read(rootsFile(name));
  }

  @Override
  public SSLContext clientContext(String identity, String roots) {
    return context(identity, roots);
  }

  @Override
  public SSLContext serverContext(String identity, String clientRoots) {
    return context(identity, clientRoots);
  }

  @Override
  public SSLContext serverContext(String identity, X509ExtendedTrustManager clients) {
    try {
      return context(identity, new TrustManager[] {clients});
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLContext context(String identity, String roots) {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      List<X509Certificate> rootCertificates = certificates(rootsPem(roots));
      for (int i = 0; i < rootCertificates.size(); i++) {
        trusted.setCertificateEntry("root" + i, rootCertificates.get(i));
      }
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(trusted);
      return context(identity, trust.getTrustManagers());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLContext context(String identity, TrustManager[] trust)
      throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    if (!identity.isEmpty()) {
      Certificate[] chain =
          certificates(read(certificateFile(identity))).toArray(new Certificate[0]);
      own.setKeyEntry("own", privateKey(keyFile(identity)), new char[0], chain);
    }
    keys.init(own, new char[0]);
    context.init(keys.getKeyManagers(), trust, null);
    return context;
  }

  private static PrivateKey privateKey(Path file) throws GeneralSecurityException {
    String body = read(file).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    return KeyFactory.getInstance("EC")
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
  }

  private static List<X509Certificate> certificates(String pem) {
    try {
      return CertificateFactory.getInstance("X.509")
          .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
          .stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(X509Certificate certificate) {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String san(String name) {
    return (name.matches("[0-9.]+") || name.contains(":") ? "IP:" : "DNS:") + name;
  }

  private static String slashes(String subject) {
    StringBuilder all = new StringBuilder();
    // A comma that is escaped belongs to a value. This openssl keeps to 64 characters a value,
    // which AWS's own authority does not.
    for (String part : subject.split("(?<!\\\\),")) {
      all.append('/').append(part, 0, Math.min(part.length(), "CN=".length() + 64));
    }
    return all.toString();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
