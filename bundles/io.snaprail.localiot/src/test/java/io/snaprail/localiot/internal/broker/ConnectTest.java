package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.localiot.testing.RawClient.Packet;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may connect, and for how long. Clauses: MQTT 3.1.1 section 3.1, and AWS IoT Core's own rules.
 */
class ConnectTest extends BrokerSuite {
  @Test
  void lettingInAnActiveCertificateThatItsPolicyAllows() throws Exception {
    try (RawClient client = fixture.dial("limited")) {
      client.send(0x10, RawClient.connectBody("limited", 2, 60));
      Packet connack = client.read();
      assertThat(connack.type()).isEqualTo(2);
      assertThat(connack.hex()).isEqualTo("0000");
    }
  }

  @ParameterizedTest
  @CsvSource({"unknown, any", "limited, somebody-else"})
  void refusesUnknownCertificatesAndClientIdsThatNoPolicyAllows(String identity, String clientId)
      throws Exception {
    try (RawClient client = fixture.dial(identity)) {
      assertThat(client.connect(clientId, true, 60)).isEqualTo(5);
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INACTIVE", "REVOKED", "PENDING_ACTIVATION"})
  void refusesACertificateThatIsNotActive(Status status) throws Exception {
    fixture.status("limited", status);
    try (RawClient client = fixture.dial("limited")) {
      assertThat(client.connect("limited", true, 60)).isEqualTo(5);
    } finally {
      fixture.status("limited", Status.ACTIVE);
    }
  }

  @Test
  void aCertificateThatIsSwitchedOffMayDoNothingAnyMore() throws Exception {
    try (RawClient client = fixture.client("limited")) {
      fixture.status("limited", Status.INACTIVE);
      client.publish("a/b", 1, "x");
      assertThat(client.isClosedByServer()).isTrue();
    } finally {
      fixture.status("limited", Status.ACTIVE);
    }
  }

  // UpdateCertificate: clients that are connected with it are disconnected.
  @ParameterizedTest
  @ValueSource(strings = {"INACTIVE", "REVOKED"})
  void disconnectsIdleClientsWhenTheirCertificateIsSwitchedOff(Status status) throws Exception {
    try (RawClient other = fixture.client("other");
        RawClient client = fixture.client("limited")) {
      fixture.status("limited", status);
      assertThat(client.isClosedByServer()).isTrue();
      other.ping();
    } finally {
      fixture.status("limited", Status.ACTIVE);
    }
  }

  @Test
  void refusesAClientWithoutCertificateInTheHandshake() throws Exception {
    try (RawClient client = fixture.dial("")) {
      assertThatThrownBy(() -> client.connect("any", true, 60)).isInstanceOf(IOException.class);
    }
  }

  // Facts: ids starting with '$' are reserved; an empty one is legal, but has no session to keep
  // [MQTT-3.1.3-8].
  @ParameterizedTest
  @CsvSource({"$any, true, 2", "'', true, 0", "'', false, 2", "a/b, true, 0"})
  void checksClientIds(String clientId, boolean clean, int code) throws Exception {
    try (RawClient client = fixture.dial("full")) {
      assertThat(client.connect(clientId, clean, 60)).isEqualTo(code);
    }
  }

  @Test
  void aClientIdHasAtMost128Bytes() throws Exception {
    try (RawClient client = fixture.dial("full")) {
      assertThat(client.connect("x".repeat(129), true, 60)).isEqualTo(2);
    }
    try (RawClient client = fixture.dial("full")) {
      assertThat(client.connect("x".repeat(128), true, 60)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 9})
  void refusesOtherProtocolVersions(int level) throws Exception {
    byte[] properties = level == 5 ? new byte[] {0} : new byte[0];
    try (RawClient client = fixture.dial("full")) {
      client.send(
          0x10,
          RawClient.utf8(level == 3 ? "MQIsdp" : "MQTT"),
          new byte[] {(byte) level, 2, 0, 60},
          properties,
          RawClient.utf8("any"));
      assertThat(client.read().hex()).isEqualTo("0001");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  // Facts: the newcomer wins, the old one is dropped.
  @Test
  void theNewcomerTakesOverAClientId() throws Exception {
    try (RawClient old = fixture.client("same");
        RawClient newcomer = fixture.client("same")) {
      assertThat(old.isClosedByServer()).isTrue();
      newcomer.ping();
      assertThat(newcomer.subscribe("t", 0)).isZero();
    }
  }

  // [MQTT-3.1.2-24]
  @Test
  void dropsAClientThatIsSilentFor1Point5TimesItsKeepAlive() throws Exception {
    try (RawClient client = fixture.dial("full")) {
      client.connect("silent", true, 1);
      long start = System.nanoTime();
      assertThat(client.isClosedByServer()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(1400), Duration.ofMillis(2500));
    }
  }

  @Test
  void keepsAClientThatPings() throws Exception {
    try (RawClient client = fixture.dial("full")) {
      client.connect("alive", true, 1);
      long start = System.nanoTime();
      await()
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                client.ping();
                return System.nanoTime() - start > 2_000_000_000L;
              });
    }
  }
}
