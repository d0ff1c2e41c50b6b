package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.TestPki.Issued;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportChecksTest {
  @TempDir Path data;
  private Fixture fixture;
  private CertificateStoreComponent store;

  @BeforeEach
  void store() {
    fixture = new Fixture(data);
    store = fixture.store();
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  /** What would be refused everywhere is refused here, with what is wrong. */
  @Test
  void whatIsOfNoUseIsNotImported() throws Exception {
    Issued root = TestPki.ca("CN=Root").make();
    Issued between = TestPki.ca("CN=Between").issuer(root).make();
    Issued lower = TestPki.ca("CN=Lower").issuer(between).make();
    Issued expired = TestPki.leaf(root).valid(Duration.ofDays(-9), Duration.ofDays(-1)).make();
    assertRefused(expired.keyPem() + expired.pem(), "it expired on");
    Issued early = TestPki.leaf(root).valid(Duration.ofDays(1), Duration.ofDays(9)).make();
    assertRefused(early.keyPem() + early.pem(), "it is valid only from", "clock says");
    Issued leaf = TestPki.leaf(lower).make();
    assertRefused(
        leaf.keyPem() + leaf.pem() + between.pem() + root.pem(),
        "The chain is incomplete: the issuer of 'CN=localhost', 'CN=Lower', is not among",
        "'CN=Between'");
    store.importIdentity("x", leaf.keyPem() + leaf.pem() + root.pem(), null);
    store.removeIdentity("x");
    // Made while the clock stands in 1970: nothing can be said of it.
    fixture.clock.set(Instant.EPOCH);
    assertThat(store.importIdentity("x", early.keyPem() + early.pem(), null)).isNotNull();
  }

  /** The clock of who signs may be a little ahead (RFC 4120, section 3.2.3: 5 minutes). */
  @Test
  void aCertificateThatBeginsWithinMinutesIsTaken() throws Exception {
    Issued root = TestPki.ca("CN=Root").make();
    Issued soon = TestPki.leaf(root).valid(Duration.ofMinutes(4), Duration.ofDays(9)).make();
    assertThat(store.importIdentity("soon", soon.keyPem() + soon.pem(), null)).isNotNull();
    Issued later = TestPki.leaf(root).valid(Duration.ofMinutes(6), Duration.ofDays(9)).make();
    assertRefused(later.keyPem() + later.pem(), "it is valid only from");
  }

  private void assertRefused(String pem, String... texts) {
    assertThatThrownBy(() -> store.importIdentity("x", pem, null))
        .isInstanceOf(CertificateStoreException.class)
        .hasMessageContainingAll(texts);
  }
}
