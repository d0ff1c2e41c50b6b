package io.snaprail.driver.modbus;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.security.SecretStore;
import io.snaprail.certificates.CertificateAuthoritiesComponent;
import io.snaprail.certificates.CertificateStoreComponent;
import io.snaprail.certificates.CertificateWatch;
import io.snaprail.driver.modbus.internal.TlsConfig;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.connection.Waits;
import io.snaprail.driver.modbus.internal.tls.TlsKeys;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocketFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.osgi.framework.BundleContext;

/** The true certificate store, an authority in it, and devices over TLS. */
final class TlsBench implements AutoCloseable {
  static final String PLANT = "plant";

  final CertificateStoreComponent store;
  final TlsKeys keys;
  final ConnectionPool pool = new ConnectionPool(new Waits(Driver.IDLE, Duration.ofMillis(1)));
  final Map<String, List<Problem>> problems = new ConcurrentHashMap<>();
  final ProblemBoard board =
      new ProblemBoard() {
        @Override
        public void report(String source, List<Problem> reported) {
          problems.put(source, reported);
        }

        @Override
        public List<Entry> problems() {
          return List.of();
        }
      };
  private final CertificateAuthorities authorities;

  /**
   * With a gateway and a device at 127.0.0.1 that trust the same authority.
   *
   * @param folder empty
   */
  TlsBench(Path folder) throws CertificateStoreException {
    BundleContext context =
        fake(
            BundleContext.class,
            Map.of(RuntimeProperties.DATA_DIR, folder.toAbsolutePath().toString()));
    SecretStore secrets = new Secrets();
    AuditLog audit = event -> {};
    store = new CertificateStoreComponent(context, secrets, audit, new CertificateWatch());
    authorities = new CertificateAuthoritiesComponent(context, secrets, audit);
    keys = new TlsKeys(store, board);
    roots(PLANT, PLANT);
    issue("gateway", PLANT, Use.CLIENT);
    issue("device", PLANT, Use.SERVER, "127.0.0.1");
  }

  private static <T> T fake(Class<T> type, Map<String, String> framework) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              if (method.getName().equals("getProperty")) {
                return framework.get((String) arguments[0]);
              }
              throw new UnsupportedOperationException(method.getName());
            }));
  }

  /** Makes a set of roots of one authority. */
  void roots(String set, String authority) throws CertificateStoreException {
    store.importRoots(set, pem(authorities.open(authority, "CN=" + authority).certificate()));
  }

  /** Makes or replaces an identity that is valid now. */
  void issue(String name, String authority, Use use, String... alternativeNames)
      throws CertificateStoreException {
    Instant now = Instant.now();
    issue(name, authority, use, now.minusSeconds(60), now.plusSeconds(86_400), alternativeNames);
  }

  void issue(String name, String authority, Use use, Instant from, Instant until, String... names)
      throws CertificateStoreException {
    String request =
        store.createSigningRequest(name, KeyType.EC_P256, "CN=" + name, List.of(names));
    X509Certificate certificate =
        authorities
            .open(authority, "CN=" + authority)
            .issue(request, use, List.of(names), from, until);
    store.importCertificate(name, pem(certificate));
  }

  /**
   * Sockets of a device at 127.0.0.1 whose certificate is valid at another time: the store takes no
   * such one. Its issuer is trusted as {@link #PLANT}.
   */
  ServerSocketFactory sockets(String name, Instant from, Instant until) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair issuer = generator.generateKeyPair();
    KeyPair keys = generator.generateKeyPair();
    Instant now = Instant.now();
    X500Name authority = new X500Name("CN=other times");
    JcaX509v3CertificateBuilder root =
        new JcaX509v3CertificateBuilder(
            authority,
            BigInteger.ONE,
            Date.from(now.minusSeconds(60)),
            Date.from(now.plusSeconds(86_400)),
            authority,
            issuer.getPublic());
    root.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
    JcaX509v3CertificateBuilder device =
        new JcaX509v3CertificateBuilder(
            authority,
            BigInteger.TWO,
            Date.from(from),
            Date.from(until),
            new X500Name("CN=" + name),
            keys.getPublic());
    device.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")));
    ContentSigner signer =
        new JcaContentSignerBuilder("SHA256withECDSA").build(issuer.getPrivate());
    JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
    store.importRoots(PLANT, pem(converter.getCertificate(root.build(signer))));
    KeyStore shown = KeyStore.getInstance("PKCS12");
    shown.load(null, null);
    Certificate[] chain = {converter.getCertificate(device.build(signer))};
    shown.setKeyEntry(name, keys.getPrivate(), new char[0], chain);
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(shown, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context.getServerSocketFactory();
  }

  private static String pem(X509Certificate certificate) throws CertificateStoreException {
    try {
      String body =
          Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
              .encodeToString(certificate.getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new CertificateStoreException("no PEM", e);
    }
  }

  /** Listening sockets of a device that asks its clients for a certificate. */
  SSLServerSocketFactory sockets(String identity) throws CertificateStoreException {
    return store.serverContext(identity, PLANT).getServerSocketFactory();
  }

  HostileModbusServer server() throws CertificateStoreException, IOException {
    return HostileModbusServer.start(sockets("device"));
  }

  /** A device with the identity of the gateway; further keys and values in turn. */
  ModbusTlsDevice device(int port, Object... more) {
    return device(keys, port, more);
  }

  /** The same with keys from elsewhere. */
  ModbusTlsDevice device(TlsKeys from, int port, Object... more) {
    Map<String, Object> properties =
        TestConfig.properties(
            "host", "127.0.0.1", "port", port, "unit", 1, "identity", "gateway", "roots", PLANT);
    properties.putAll(TestConfig.properties(more));
    properties.put("service.pid", "io.snaprail.driver.modbus.tls~test");
    return new ModbusTlsDevice(
        TestConfig.of(properties),
        TestConfig.of(TlsConfig.class, properties),
        properties,
        pool,
        from);
  }

  @Override
  public void close() {
    pool.deactivate();
  }

  /** Secrets in memory. */
  private static final class Secrets implements SecretStore {
    private final Map<String, char[]> secrets = new ConcurrentHashMap<>();

    @Override
    public Optional<char[]> get(String name) {
      return Optional.ofNullable(secrets.get(name)).map(char[]::clone);
    }

    @Override
    public char[] getOrCreate(String name) {
      return secrets.computeIfAbsent(name, key -> ("random-" + key).toCharArray()).clone();
    }

    @Override
    public void put(String name, char[] secret) {
      secrets.put(name, secret.clone());
    }

    @Override
    public void remove(String name) {
      secrets.remove(name);
    }
  }
}
