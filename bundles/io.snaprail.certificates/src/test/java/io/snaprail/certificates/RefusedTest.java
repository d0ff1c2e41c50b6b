package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.RefusedCertificate;
import io.snaprail.api.certificate.RootInfo;
import io.snaprail.certificates.TestPki.Issued;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of servers that were refused are kept, and trusted in one step. */
class RefusedTest {
  private Issued root;
  @TempDir Path data;
  private Fixture fixture;
  private CertificateStoreComponent store;

  @BeforeEach
  void store() throws Exception {
    root = TestPki.ca("CN=Plant Root").make();
    fixture = new Fixture(data);
    store = fixture.store();
    store.importRoots("plant", TestPki.ca("CN=Another Root").make().pem());
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  private int connect(int port) throws Exception {
    try (SSLSocket socket =
        (SSLSocket) store.clientContext("", "plant").getSocketFactory().createSocket()) {
      socket.connect(new InetSocketAddress("localhost", port), 5000);
      socket.setSoTimeout(5000);
      socket.startHandshake();
      return socket.getInputStream().read();
    }
  }

  private void refusedThenTrusted(Issued server) throws Exception {
    try (TlsServer listening = TlsServer.showing(server)) {
      assertThatThrownBy(() -> connect(listening.port())).isInstanceOf(SSLException.class);
      RefusedCertificate refused = store.refused().get(0);
      assertThat(refused.subject()).isEqualTo("CN=localhost");
      assertThat(refused.peer()).isEqualTo("localhost");
      assertThat(refused.curable()).isTrue();

      store.trust(refused.fingerprint(), "plant");

      assertThat(connect(listening.port())).isEqualTo(42);
      assertThat(store.refused()).doesNotContain(refused);
    }
  }

  @Test
  void aServerThatSignsItselfIsTrustedByItsOwnCertificate() throws Exception {
    refusedThenTrusted(new TestPki().make());
    assertThat(store.roots("plant"))
        .extracting(RootInfo::subject)
        .containsExactly("CN=Another Root", "CN=localhost");
  }

  @Test
  void aRootThatWasSentWithItIsWhatIsTrusted() throws Exception {
    refusedThenTrusted(TestPki.leaf(root).make());
    assertThat(store.roots("plant"))
        .extracting(RootInfo::subject)
        .containsExactly("CN=Another Root", "CN=Plant Root");
  }

  @Test
  void withoutItsIssuerTheCertificateItselfIsTrusted() throws Exception {
    refusedThenTrusted(TestPki.leaf(root).make().showing(1));
    assertThat(store.roots("plant"))
        .extracting(RootInfo::subject)
        .containsExactly("CN=Another Root", "CN=localhost");
  }

  @Test
  void anExpiredOneIsShownButTrustingItWouldNotHelp() throws Exception {
    Issued expired = TestPki.leaf(root).valid(Duration.ofDays(-30), Duration.ofDays(-2)).make();
    try (TlsServer listening = TlsServer.showing(expired)) {
      assertThatThrownBy(() -> connect(listening.port())).isInstanceOf(SSLException.class);
      assertThatThrownBy(() -> connect(listening.port())).isInstanceOf(SSLException.class);
    }
    RefusedCertificate refused = store.refused().get(0);
    assertThat(refused.count()).isEqualTo(2);
    assertThat(refused.curable()).isFalse();
    assertThatThrownBy(() -> store.trust(refused.fingerprint(), "plant"))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContaining("would not help");
    assertThatThrownBy(() -> store.trust("00", "plant"))
        .hasMessageContaining("No refused certificate with the fingerprint '00' is kept");
  }

  @Test
  void onlyTheLastOnesAreKept() throws Exception {
    for (int i = 0; i < 40; i++) {
      try (TlsServer listening = TlsServer.showing(new TestPki().make())) {
        assertThatThrownBy(() -> connect(listening.port())).isInstanceOf(SSLException.class);
      }
    }
    assertThat(store.refused()).hasSize(32);
  }

  /** facts/aws-iot.md: the JDK holds all five. */
  @Test
  void theRootsOfTheJdkAreShownThoseOfAmazonFirst() throws Exception {
    assertThat(store.roots(""))
        .extracting(RootInfo::subject)
        .startsWith(
            "CN=Amazon Root CA 1,O=Amazon,C=US",
            "CN=Amazon Root CA 2,O=Amazon,C=US",
            "CN=Amazon Root CA 3,O=Amazon,C=US",
            "CN=Amazon Root CA 4,O=Amazon,C=US")
        .hasSizeGreaterThan(50);
  }
}
