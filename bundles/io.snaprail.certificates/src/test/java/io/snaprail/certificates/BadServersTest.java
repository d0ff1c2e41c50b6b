package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.certificates.TestPki.Issued;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** facts/security.md, Uplink TLS: eight bad servers are refused, each in its own plain words. */
class BadServersTest {
  private static Issued root;
  private static Issued intermediate;
  @TempDir Path data;
  private Fixture fixture;
  private SSLContext client;

  @BeforeAll
  static void makeAuthorities() throws Exception {
    root = TestPki.ca("CN=Plant Root").make();
    intermediate = TestPki.ca("CN=Plant Intermediate").issuer(root).make();
  }

  @BeforeEach
  void client() throws Exception {
    fixture = new Fixture(data);
    CertificateStoreComponent store = fixture.store();
    store.importRoots("plant", root.pem());
    client = store.clientContext("", "plant");
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  private int connect(int port) throws Exception {
    try (SSLSocket socket = (SSLSocket) client.getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress("localhost", port), 5000);
      socket.setSoTimeout(5000);
      // What MQTT clients do: parameters of their own that name neither protocol nor host check.
      socket.setSSLParameters(new SSLParameters());
      socket.startHandshake();
      return socket.getInputStream().read();
    }
  }

  private void refuses(Issued identity, String... words) throws Exception {
    try (TlsServer server = TlsServer.showing(identity)) {
      assertThatThrownBy(() -> connect(server.port()))
          .isInstanceOf(SSLException.class)
          .message()
          .contains("The server's certificate 'CN=localhost' is refused: ")
          .contains(words);
    }
  }

  // The control: without it every refusal below could have another cause.
  @Test
  void acceptsAGoodServer() throws Exception {
    for (Issued good :
        new Issued[] {
          TestPki.leaf(root).make(),
          TestPki.leaf(intermediate).make(),
          TestPki.leaf(intermediate).make().showing(2),
          TestPki.leaf(root).keys(TestPki.keys("RSA", 2048)).make(),
        }) {
      try (TlsServer server = TlsServer.showing(good)) {
        assertThat(connect(server.port())).isEqualTo(42);
      }
    }
  }

  @Test
  void refusesOneThatHasExpired() throws Exception {
    Issued expired = TestPki.leaf(root).valid(Duration.ofDays(-30), Duration.ofDays(-2)).make();
    String date = expired.certificate().getNotAfter().toInstant().toString().substring(0, 10);
    refuses(expired, "it expired on " + date);
  }

  @Test
  void refusesOneThatIsNotYetValid() throws Exception {
    refuses(
        TestPki.leaf(root).valid(Duration.ofDays(2), Duration.ofDays(30)).make(),
        "it is valid only from 20",
        "this gateway's clock says 20",
        "if that is wrong, set it");
  }

  @Test
  void refusesOneForAnotherHost() throws Exception {
    refuses(
        TestPki.leaf(root).host("other.example").make(),
        "it is for another host: expected 'localhost', the certificate names other.example");
  }

  @Test
  void refusesOneThatSignsItself() throws Exception {
    refuses(
        new TestPki().make(),
        "it is self-signed and not in the set of roots 'plant' (it holds 'CN=Plant Root')");
  }

  @Test
  void refusesOneFromAnUnknownAuthority() throws Exception {
    Issued other = TestPki.ca("CN=Other Root").make();
    refuses(
        TestPki.leaf(other).make(),
        "it comes from an unknown root, 'CN=Other Root', which is not in the set of roots 'plant'");
    refuses(
        TestPki.leaf(other).make().showing(1),
        "the issuer of 'CN=localhost', 'CN=Other Root', was not sent and is not in the set");
  }

  @Test
  void refusesOneThatIsNotMeantForAServer() throws Exception {
    refuses(
        TestPki.leaf(root).use(KeyPurposeId.id_kp_clientAuth).make(),
        "it is not meant for a server: its extended key usage is [clientAuth], expected"
            + " serverAuth");
  }

  // The JDK alone lets both pass under a private authority.
  @Test
  void refusesOneWithAWeakKeyOrSignature() throws Exception {
    refuses(
        TestPki.leaf(root).keys(TestPki.keys("RSA", 1024)).make(),
        "its key is weak: RSA 1024, expected RSA 2048");
    refuses(
        TestPki.leaf(root).signedWith("SHA1withECDSA").make(),
        "its signature is weak: SHA1withECDSA, expected SHA-256 or better");
  }

  @Test
  void refusesOneWithABrokenChain() throws Exception {
    refuses(
        TestPki.leaf(intermediate).make().showing(1),
        "its chain is incomplete: the issuer of 'CN=localhost', 'CN=Plant Intermediate', was not"
            + " sent");
    Issued impostor = TestPki.ca("CN=Plant Root").make();
    refuses(
        TestPki.leaf(impostor).make().showing(1),
        "its chain is broken: the signature on 'CN=localhost' was not made by the key of 'CN=Plant"
            + " Root'");
  }

  @Test
  void refusesOneWhoseIntermediateHasExpiredOrIsNoAuthority() throws Exception {
    Issued old =
        TestPki.ca("CN=Old Intermediate")
            .issuer(root)
            .valid(Duration.ofDays(-30), Duration.ofDays(-2))
            .make();
    refuses(TestPki.leaf(old).make(), "in its chain, 'CN=Old Intermediate': it expired on");
    Issued device = TestPki.leaf(root).subject("CN=Some Device").make();
    refuses(
        TestPki.leaf(device).make(), "it was signed by 'CN=Some Device', which is no authority");
  }

  @Test
  void saysThatTheGatewaysClockCannotBeRight() throws Exception {
    fixture.clock.set(Instant.parse("1970-01-01T00:01:00Z"));
    refuses(
        TestPki.leaf(root).make(),
        "this gateway's clock says 1970-01-01 00:01 UTC, which cannot be: set the clock");
  }

  @Test
  void withoutASetOfRootsOnlyThePublicOnesAreTrusted() throws Exception {
    client = fixture.store().clientContext("", "");
    refuses(TestPki.leaf(root).make(), "which is not in the public roots of the JDK");
  }
}
