package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.health.Problem.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {
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
}
