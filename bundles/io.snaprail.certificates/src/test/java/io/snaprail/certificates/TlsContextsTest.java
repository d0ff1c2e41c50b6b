package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateAuthorities.Authority;
import io.snaprail.api.certificate.CertificateAuthorities.Use;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.certificates.TestPki.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsContextsTest {
  private static final String CBC = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256";
  private static final String GCM = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

  @TempDir Path data;
  private Fixture fixture;
  private CertificateStoreComponent store;
  private Authority authority;

  @BeforeEach
  void fixture() throws Exception {
    fixture = new Fixture(data);
    store = fixture.store();
    authority = fixture.authorities().open("plant", "CN=Plant CA");
    store.importRoots("plant", CertificateStoreTest.pem(authority.certificate()));
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  private void enroll(String name, KeyType type, Use use) throws Exception {
    String csr = store.createSigningRequest(name, type, "CN=" + name, List.of());
    Instant now = fixture.clock.instant();
    X509Certificate issued =
        authority.issue(
            csr, use, List.of("localhost"), now.minusSeconds(60), now.plus(Duration.ofDays(90)));
    store.importCertificate(name, CertificateStoreTest.pem(issued));
  }

  private static SSLSocket open(SSLContext client, int port) throws Exception {
    SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket();
    socket.connect(new InetSocketAddress("localhost", port), 5000);
    socket.setSoTimeout(5000);
    return socket;
  }

  private static int read(SSLContext client, int port) throws Exception {
    try (SSLSocket socket = open(client, port)) {
      return socket.getInputStream().read();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EC_P256, TLSv1.3",
    "EC_P384, TLSv1.3",
    "RSA_2048, TLSv1.3",
    "EC_P256, TLSv1.2",
    "RSA_2048, TLSv1.2",
  })
  void bothSidesShowTheirIdentity(KeyType type, String protocol) throws Exception {
    enroll("server", type, Use.SERVER);
    enroll("gateway", type, Use.CLIENT);
    try (TlsServer server = new TlsServer(store.serverContext("server", "plant"));
        SSLSocket socket = open(store.clientContext("gateway", "plant"), server.port())) {
      socket.setEnabledProtocols(new String[] {protocol});
      assertThat(socket.getInputStream().read()).isEqualTo(42);
      assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
      assertThat(socket.getSession().getPeerPrincipal().getName()).isEqualTo("CN=server");
      assertThat(socket.getSession().getLocalPrincipal().getName()).isEqualTo("CN=gateway");
    }
  }

  // In TLS 1.3 a client learns of its refusal when it reads: from an alert, or a reset connection.
  @Test
  void aServerWithClientRootsRefusesClientsWithoutCertificateAndFromElsewhere() throws Exception {
    enroll("server", KeyType.EC_P256, Use.SERVER);
    Issued stranger = TestPki.leaf(TestPki.ca("CN=Elsewhere").make()).subject("CN=eve").make();
    try (TlsServer server = new TlsServer(store.serverContext("server", "plant"))) {
      assertThatThrownBy(() -> read(store.clientContext("", "plant"), server.port()))
          .isInstanceOf(IOException.class);
      await().untilAsserted(() -> assertThat(server.failures).hasSize(1));
      // Not with the JDK's own key manager: it shows nothing that the server did not ask for.
      store.importIdentity("eve", stranger.pem() + stranger.keyPem(), null);
      SSLContext eve = store.clientContext("eve", "plant");
      assertThatThrownBy(() -> read(eve, server.port())).isInstanceOf(IOException.class);
      await().untilAsserted(() -> assertThat(server.failures).hasSize(2));
      assertThat(server.failures.get(1)).hasMessageContaining("CN=Elsewhere");
    }
  }

  @Test
  void tellsTheServersOwnerWhyAClientIsRefused() throws Exception {
    enroll("server", KeyType.EC_P256, Use.SERVER);
    // A certificate for a server shown by a client.
    enroll("gateway", KeyType.EC_P256, Use.SERVER);
    try (TlsServer server = new TlsServer(store.serverContext("server", "plant"))) {
      assertThatThrownBy(() -> read(store.clientContext("gateway", "plant"), server.port()))
          .isInstanceOf(IOException.class);
      await().untilAsserted(() -> assertThat(server.failures).hasSize(1));
      assertThat(server.failures.get(0))
          .hasMessageContaining("The client's certificate 'CN=gateway' is refused")
          .hasMessageContaining("[serverAuth], expected clientAuth");
    }
  }

  @Test
  void aServerWithoutClientRootsAsksForNothing() throws Exception {
    enroll("server", KeyType.EC_P256, Use.SERVER);
    try (TlsServer server = new TlsServer(store.serverContext("server", ""))) {
      assertThat(read(store.clientContext("", "plant"), server.port())).isEqualTo(42);
    }
  }

  @Test
  void aContextKeepsItsKeyAndAFreshOneHasTheNew() throws Exception {
    enroll("server", KeyType.EC_P256, Use.SERVER);
    enroll("gateway", KeyType.EC_P256, Use.CLIENT);
    SSLContext before = store.clientContext("gateway", "plant");
    X509Certificate first = shown(before);
    enroll("gateway", KeyType.EC_P256, Use.CLIENT);
    assertThat(shown(before)).isEqualTo(first);
    assertThat(shown(store.clientContext("gateway", "plant"))).isNotEqualTo(first);
  }

  private X509Certificate shown(SSLContext client) throws Exception {
    try (TlsServer server = new TlsServer(store.serverContext("server", "plant"));
        SSLSocket socket = open(client, server.port())) {
      assertThat(socket.getInputStream().read()).isEqualTo(42);
      return (X509Certificate) socket.getSession().getLocalCertificates()[0];
    }
  }

  // facts/security.md, Uplink TLS: TLS 1.3, or 1.2 with ECDHE-AEAD only.
  @Test
  void offersNothingElseThanThePolicyAllows() throws Exception {
    SSLContext client = store.clientContext("", "plant");
    enroll("server", KeyType.EC_P256, Use.SERVER);
    SSLContext server = store.serverContext("server", "plant");
    for (String[] suites :
        List.of(
            client.getSocketFactory().getDefaultCipherSuites(),
            client.getSocketFactory().getSupportedCipherSuites(),
            client.getSupportedSSLParameters().getCipherSuites(),
            client.createSSLEngine().getSupportedCipherSuites(),
            client.createSSLEngine("localhost", 1).getEnabledCipherSuites(),
            server.getServerSocketFactory().getDefaultCipherSuites(),
            server.getDefaultSSLParameters().getCipherSuites())) {
      assertThat(suites).isNotEmpty().allMatch(s -> s.matches("TLS_(AES|CHACHA20|ECDHE).*"));
      assertThat(suites).noneMatch(s -> s.contains("CBC"));
    }
    assertThat(client.createSSLEngine().getEnabledProtocols())
        .containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(server.createSSLEngine().getNeedClientAuth()).isTrue();
    assertThat(server.getDefaultSSLParameters().getNeedClientAuth()).isTrue();
  }

  // Netty sets its own default list on every engine; it has suites without forward secrecy.
  @Test
  void anEngineCannotBeWidened() throws Exception {
    SSLEngine engine = store.clientContext("", "plant").createSSLEngine();
    engine.setEnabledCipherSuites(new String[] {GCM, CBC, "TLS_RSA_WITH_AES_128_GCM_SHA256"});
    assertThat(engine.getEnabledCipherSuites()).containsExactly(GCM);
    engine.setEnabledProtocols(new String[] {"TLSv1.2", "TLSv1.1"});
    assertThat(engine.getEnabledProtocols()).containsExactly("TLSv1.2");
    engine.setSSLParameters(new SSLParameters(new String[] {CBC, GCM}));
    assertThat(engine.getEnabledCipherSuites()).containsExactly(GCM);
    assertThatThrownBy(() -> engine.setEnabledCipherSuites(new String[] {CBC}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected TLS 1.3, or 1.2 with ECDHE");
  }

  // A socket is the JDK's own and can be widened; then the trust manager refuses.
  @Test
  void aSocketThatWasWidenedIsRefusedAllTheSame() throws Exception {
    Issued ca = TestPki.ca("CN=Weak CA").make();
    store.importRoots("weak", ca.pem());
    SSLContext weak = TlsServer.jdkContext(TestPki.leaf(ca).make());
    SSLServerSocket listening =
        (SSLServerSocket)
            weak.getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    listening.setEnabledProtocols(new String[] {"TLSv1.2"});
    listening.setEnabledCipherSuites(new String[] {CBC});
    SSLContext client = store.clientContext("", "weak");
    try (TlsServer server = new TlsServer(listening)) {
      assertThatThrownBy(() -> read(client, server.port()))
          .hasMessageContaining("handshake_failure");
      try (SSLSocket socket = open(client, server.port())) {
        socket.setEnabledCipherSuites(new String[] {CBC});
        assertThatThrownBy(socket::startHandshake)
            .hasMessageContaining("it would use TLSv1.2 with " + CBC);
      }
    }
  }

  // How Jetty and Netty use a context: engines, with ALPN.
  @Test
  void enginesShakeHandsWithAlpn() throws Exception {
    enroll("server", KeyType.EC_P256, Use.SERVER);
    enroll("gateway", KeyType.EC_P256, Use.CLIENT);
    SSLEngine client = store.clientContext("gateway", "plant").createSSLEngine("localhost", 443);
    SSLEngine server = store.serverContext("server", "plant").createSSLEngine();
    client.setUseClientMode(true);
    server.setUseClientMode(false);
    SSLParameters alpn = client.getSSLParameters();
    alpn.setApplicationProtocols(new String[] {"x-amzn-mqtt-ca"});
    alpn.setEndpointIdentificationAlgorithm("HTTPS");
    client.setSSLParameters(alpn);
    server.setHandshakeApplicationProtocolSelector(
        (engine, offered) -> engine == server ? offered.get(0) : null);
    shakeHands(client, server);
    assertThat(client.getApplicationProtocol()).isEqualTo("x-amzn-mqtt-ca");
    assertThat(server.getSession().getPeerPrincipal().getName()).isEqualTo("CN=gateway");
    assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
  }

  private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(65536);
    ByteBuffer toClient = ByteBuffer.allocate(65536);
    for (int i = 0; i < 200; i++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
      boolean idle = toServer.position() == 0 && toClient.position() == 0;
      if (idle && done(client) && done(server) && i > 2) {
        return;
      }
    }
    throw new SSLException("no handshake within 200 steps");
  }

  private static boolean done(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
    if (in.position() > 0) {
      in.flip();
      engine.unwrap(in, ByteBuffer.allocate(65536));
      in.compact();
    }
    HandshakeStatus status = engine.getHandshakeStatus();
    if (status == HandshakeStatus.NEED_WRAP
        || (status == HandshakeStatus.NOT_HANDSHAKING && !engine.getSession().isValid())) {
      engine.wrap(ByteBuffer.allocate(0), out);
    }
    if (status == HandshakeStatus.NOT_HANDSHAKING && engine.getUseClientMode()) {
      // The first flight of a client is its own idea.
      if (engine.getSession().getCipherSuite().equals("SSL_NULL_WITH_NULL_NULL")) {
        engine.beginHandshake();
      }
    }
  }

  @Test
  void aContextCannotBeInitialisedAnew() throws Exception {
    SSLContext context = store.clientContext("", "plant");
    assertThatThrownBy(() -> context.init(null, null, null))
        .hasMessageContaining("cannot be changed");
  }
}
