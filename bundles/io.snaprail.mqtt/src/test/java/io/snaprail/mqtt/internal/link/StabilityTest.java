package io.snaprail.mqtt.internal.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.mqtt.internal.link.Fault.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StabilityTest {
  private static final Fault LOST = new Fault(Kind.NETWORK, "lost");
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final Stability stability = new Stability("mqtts://b:8883", "gw");

  @Test
  void oneOrTwoShortConnectionsAreJustTheNetwork() {
    assertThat(stability.lost(SHORT, false, LOST)).isEqualTo(LOST);
    assertThat(stability.lost(SHORT, false, LOST)).isEqualTo(LOST);
  }

  @Test
  void droppedAgainAndAgainBeforeAnythingIsAcknowledgedMeansPolicy() {
    stability.lost(SHORT, false, LOST);
    stability.lost(SHORT, false, LOST);
    Fault fault = stability.lost(SHORT, false, LOST);
    assertThat(fault.kind()).isEqualTo(Kind.POLICY);
    assertThat(fault.message()).contains("mqtts://b:8883", "policy", "'gw'");
  }

  @Test
  void droppedAgainAndAgainThoughItWorkedMeansDuplicateClientId() {
    stability.lost(SHORT, true, LOST);
    stability.lost(SHORT, true, LOST);
    assertThat(stability.lost(SHORT, true, LOST).kind()).isEqualTo(Kind.DUPLICATE_ID);
  }

  @Test
  void connectionThatLastedForgetsThePattern() {
    stability.lost(SHORT, false, LOST);
    stability.lost(SHORT, false, LOST);
    stability.lost(Duration.ofMinutes(1), true, LOST);
    assertThat(stability.lost(SHORT, false, LOST)).isEqualTo(LOST);
  }

  @Test
  void otherFaultsAreWhatTheyAre() {
    Fault tls = new Fault(Kind.TLS, "expired");
    for (int i = 0; i < 5; i++) {
      assertThat(stability.lost(SHORT, false, tls)).isEqualTo(tls);
    }
  }
}
