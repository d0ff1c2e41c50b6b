package io.snaprail.mqtt.internal.paho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.TlsSettings;
import io.snaprail.mqtt.support.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a TLS server of the JDK's, which tells what the client has asked for. */
@Timeout(20)
class TransportTest {
  private static final TestCa CA = new TestCa("CA");

  /** What the server has seen. */
  private record Seen(List<String> names, String protocol, String alpn) {}

  private final SSLServerSocket server;
  private final CompletableFuture<Seen> seen = new CompletableFuture<>();
  private Transport transport;
  private String serverName = "";

  TransportTest() throws IOException {
    server =
        (SSLServerSocket)
            CA.clientContext(CA.issue("localhost", "localhost", "127.0.0.1"))
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void end() throws IOException {
    if (transport != null) {
      transport.abort();
    }
    server.close();
  }

  private void connect(String host, String... alpn) throws IOException {
    Thread thread = new Thread(this::serve);
    thread.setDaemon(true);
    thread.start();
    transport = new Transport(settings(host, alpn), null);
    transport.open(CA.clientContext(CA.issue("client")));
  }

  private MqttSettings settings(String host, String... alpn) {
    return new MqttSettings(
        "t",
        host,
        server.getLocalPort(),
        new TlsSettings("i", "", List.of(alpn), serverName),
        new ClientSettings("c", Duration.ofSeconds(30)));
  }

  private void serve() {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.setHandshakeApplicationProtocolSelector(
          (s, offered) -> offered.contains("x-amzn-mqtt-ca") ? "x-amzn-mqtt-ca" : "");
      // The client's last message comes with its first bytes.
      socket.startHandshake();
      ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
      List<String> names =
          session.getRequestedServerNames().stream()
              .map(name -> ((SNIHostName) name).getAsciiName())
              .toList();
      int first = socket.getInputStream().read();
      socket.getOutputStream().write(first);
      seen.complete(new Seen(names, session.getProtocol(), socket.getApplicationProtocol()));
      // Until the client goes.
      assertThat(socket.getInputStream().read()).isNegative();
    } catch (IOException e) {
      seen.completeExceptionally(e);
    }
  }

  private Seen echo() throws Exception {
    transport.socket().getOutputStream().write(42);
    assertThat(transport.socket().getInputStream().read()).isEqualTo(42);
    return seen.get(5, TimeUnit.SECONDS);
  }

  // AWS IoT Core refuses a client without SNI; the JDK alone sends none for a name without a dot.
  @Test
  void sendsTheServerName() throws Exception {
    connect("localhost");
    assertThat(echo().names()).containsExactly("localhost");
  }

  // RFC 6066, 3.
  @Test
  void sendsNoServerNameForAnAddressAndChecksTheAddress() throws Exception {
    connect("127.0.0.1");
    assertThat(echo().names()).isEmpty();
  }

  // As with the name of a VPC endpoint or the address of a tunnel: asked for and checked is
  // another.
  @Test
  void asksForAndChecksAnotherNameWhereOneIsSet() throws Exception {
    serverName = "localhost";
    connect("127.0.0.1", "x-amzn-mqtt-ca");
    Seen asked = echo();
    assertThat(asked.names()).containsExactly("localhost");
    assertThat(asked.alpn()).isEqualTo("x-amzn-mqtt-ca");
  }

  @Test
  void refusesACertificateThatIsNotForTheOtherName() {
    serverName = "other.example";
    assertThatThrownBy(() -> connect("localhost"))
        .isInstanceOf(Transport.TlsFailure.class)
        .hasMessageContaining("other.example");
  }

  @Test
  void offersAlpn() throws Exception {
    connect("localhost", "x-amzn-mqtt-ca");
    assertThat(echo().alpn()).isEqualTo("x-amzn-mqtt-ca");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void speaksBothVersions(String version) throws Exception {
    server.setEnabledProtocols(new String[] {version});
    connect("localhost");
    assertThat(echo().protocol()).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_RSA_WITH_AES_128_GCM_SHA256"})
  void refusesSuitesWithoutForwardSecrecyOrAuthenticatedEncryption(String suite) {
    server.setEnabledProtocols(new String[] {"TLSv1.2"});
    server.setEnabledCipherSuites(new String[] {suite});
    assertThatThrownBy(() -> connect("localhost"))
        .isInstanceOf(Transport.TlsFailure.class)
        .hasMessageContaining("handshake_failure");
  }

  @Test
  void cutLineEndsAReadThatWaits() throws Exception {
    connect("localhost");
    transport.socket().getOutputStream().write(1);
    assertThat(transport.socket().getInputStream().read()).isEqualTo(1);
    CompletableFuture<Void> cut =
        CompletableFuture.runAsync(
            transport::abort, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
    assertThatThrownBy(() -> transport.socket().getInputStream().read())
        .isInstanceOf(IOException.class);
    cut.get(5, TimeUnit.SECONDS);
  }

  @Test
  void abortedTransportConnectsNoMore() {
    transport = new Transport(settings("localhost"), null);
    transport.abort();
    assertThatThrownBy(() -> transport.open(null)).isInstanceOf(IOException.class);
  }
}
