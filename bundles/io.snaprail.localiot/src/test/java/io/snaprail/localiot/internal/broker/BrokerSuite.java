package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.limits.Rules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A broker over mutual TLS for the tests of a class; none of them may leave anything behind. */
abstract class BrokerSuite {

  @TempDir private static Path folder;
  static BrokerFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = new BrokerFixture(folder, new Rules(false, 5));
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  // Nothing is left behind by any test: no subscription, no session, no byte.
  @AfterEach
  void nothingIsLeft() {
    awaitNobody();
    fixture.now.addAndGet(Quotas.SESSION_EXPIRY.toNanos() + 1);
    fixture.broker.expireSessions();
    assertThat(fixture.broker.sessionCount()).isZero();
    assertThat(fixture.broker.hasSubscriptions()).isFalse();
    assertThat(fixture.broker.queuedBytes()).isZero();
  }

  static void awaitNobody() {
    await().pollInterval(Duration.ofMillis(2)).until(() -> fixture.broker.connections() == 0);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
