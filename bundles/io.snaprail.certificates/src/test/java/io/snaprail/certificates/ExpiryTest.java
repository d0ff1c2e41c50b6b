package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.Expiry;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir Path data;
  private Fixture fixture;

  @BeforeEach
  void fixture() {
    fixture = new Fixture(data);
  }

  @AfterEach
  void close() throws InterruptedException {
    fixture.close();
  }

  private void enroll(Duration validity) throws CertificateStoreException {
    fixture
        .store()
        .createSelfSigned("gateway", KeyType.EC_P256, "CN=gateway-7", List.of(), validity);
  }

  @Test
  void warnsBeforeACertificateEndsAndReportsWhenItHas() throws Exception {
    enroll(Duration.ofDays(365));
    awaitProblem(null, "");
    fixture.clock.advance(Duration.ofDays(310));
    awaitProblem(Severity.WARNING, "in less than 60 days");
    fixture.clock.advance(Duration.ofDays(30));
    awaitProblem(Severity.WARNING, "in less than 30 days");
    fixture.clock.advance(Duration.ofDays(20));
    awaitProblem(Severity.WARNING, "in less than 7 days");
    fixture.clock.advance(Duration.ofDays(6));
    awaitProblem(Severity.ERROR, "Certificate 'CN=gateway-7' expired on ");
    fixture.clock.set(Instant.parse("1970-01-02T00:00:00Z"));
    awaitProblem(Severity.ERROR, "The gateway's clock says 1970-01-02");
  }

  private void awaitProblem(Severity severity, String text) {
    fixture.problems.clear();
    fixture.watch.changed("anything");
    await()
        .untilAsserted(
            () -> {
              assertThat(fixture.problems).isNotEmpty();
              if (severity == null) {
                assertThat(fixture.problems()).isEmpty();
              } else {
                assertThat(fixture.problems())
                    .singleElement()
                    .satisfies(
                        problem -> {
                          assertThat(problem.severity()).isEqualTo(severity);
                          assertThat(problem.message()).contains(text);
                        });
              }
            });
  }

  @Test
  void warnsOfAShortLifeOnlyWithinThirtyDays() throws Exception {
    enroll(Duration.ofDays(80));
    fixture.clock.advance(Duration.ofDays(40));
    awaitProblem(null, "");
    fixture.clock.advance(Duration.ofDays(11));
    awaitProblem(Severity.WARNING, "in less than 30 days");
  }

  /** What ends is told for the device, the chain it shows, and the roots it trusts. */
  @Test
  void identitiesChainsAndRootsAreToldAndMeasured() throws Exception {
    TestPki.Issued root = TestPki.ca("CN=Root").valid(DAY.negated(), DAY.multipliedBy(500)).make();
    TestPki.Issued between =
        TestPki.ca("CN=Between").issuer(root).valid(DAY.negated(), DAY.multipliedBy(50)).make();
    TestPki.Issued own =
        TestPki.leaf(between).subject("CN=gw").valid(DAY.negated(), DAY.multipliedBy(6)).make();
    CertificateStoreComponent store = fixture.store();
    store.importIdentity("gateway", own.keyPem() + chainPem(own), null);
    store.importRoots("plant", CertificateStoreTest.pem(root.certificate()));
    ExpiryComponent expiries = new ExpiryComponent(store);

    await().until(() -> expiries.expiries().size() == 3);
    assertThat(expiries.expiries())
        .extracting(Expiry::kind, Expiry::name, Expiry::subject)
        .containsExactly(
            tuple(Expiry.Kind.IDENTITY, "gateway", "CN=gw"),
            tuple(Expiry.Kind.CHAIN, "gateway", "CN=Between"),
            tuple(Expiry.Kind.ROOT, "plant", "CN=Root"));
    Instant now = fixture.clock.instant();
    assertThat(expiries.expiries())
        .extracting(e -> e.level(now))
        .containsExactly(Expiry.Level.URGENT, Expiry.Level.PLAN, Expiry.Level.FINE);
    assertThat(expiries.expiries().get(0).level(now.plus(DAY.multipliedBy(7))))
        .isEqualTo(Expiry.Level.EXPIRED);
    assertThat(expiries.expiries().get(0).level(Instant.EPOCH))
        .isEqualTo(Expiry.Level.NOT_YET_VALID);

    Map<String, Double> figures = new TreeMap<>();
    expiries.collect(
        new MetricSource.Collector() {
          @Override
          public void counter(String name, String help, double value, String... labels) {
            throw new AssertionError("no counter");
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {
            figures.put(name + " " + String.join(" ", labels), value);
          }
        });
    assertThat(figures)
        .containsOnlyKeys(
            "snaprail_certificate_expiry_seconds kind identity name gateway",
            "snaprail_certificate_expiry_seconds kind chain name gateway",
            "snaprail_certificate_expiry_seconds kind root name plant");
    assertThat(figures.get("snaprail_certificate_expiry_seconds kind identity name gateway"))
        .isBetween(5.9 * 86_400, 6.0 * 86_400);
  }

  /** The expiry of a chain and of roots is watched as the device's own is. */
  @Test
  void aChainOrRootThatEndsFirstIsSaid() throws Exception {
    TestPki.Issued root = TestPki.ca("CN=Root").valid(DAY.negated(), DAY.multipliedBy(25)).make();
    TestPki.Issued between =
        TestPki.ca("CN=Between").issuer(root).valid(DAY.negated(), DAY.multipliedBy(5)).make();
    TestPki.Issued own = TestPki.leaf(between).subject("CN=gw").make();
    CertificateStoreComponent store = fixture.store();
    store.importIdentity("gateway", own.keyPem() + chainPem(own), null);
    store.importRoots("plant", CertificateStoreTest.pem(root.certificate()));
    await()
        .untilAsserted(
            () ->
                assertThat(fixture.problems())
                    .extracting(Problem::message)
                    .anyMatch(m -> m.contains("'CN=Between'") && m.contains("less than 7 days"))
                    .anyMatch(m -> m.contains("'CN=Root'") && m.contains("less than 30 days"))
                    .hasSize(2));
  }

  private static String chainPem(TestPki.Issued issued) throws Exception {
    StringBuilder pem = new StringBuilder();
    for (X509Certificate certificate : issued.chain()) {
      pem.append(CertificateStoreTest.pem(certificate));
    }
    return pem.toString();
  }
}
