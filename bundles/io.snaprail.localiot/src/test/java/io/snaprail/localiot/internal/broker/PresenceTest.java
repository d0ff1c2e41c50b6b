package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.testing.RawClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AWS IoT Core developer guide, "Lifecycle events". */
class PresenceTest extends BrokerSuite {
  private RawClient watcher;

  @BeforeEach
  void watch() throws Exception {
    watcher = fixture.client("watcher");
  }

  @AfterEach
  void stopWatching() throws Exception {
    watcher.close();
    fixture.status("limited", Status.ACTIVE);
    awaitNobody();
    fixture.now.addAndGet(Quotas.PRESENCE_FORGOTTEN.toNanos());
    fixture.broker.expireSessions();
  }

  private JsonObject event() throws Exception {
    RawClient.Packet packet = watcher.read();
    return StrictJson.parseObject(packet.payload());
  }

  @Test
  void tellsOfConnectAndDisconnectWithOneVersion() throws Exception {
    watcher.subscribe("$aws/events/presence/connected/lamp", 0);
    watcher.subscribe("$aws/events/presence/disconnected/lamp", 0);
    JsonObject connected;
    try (RawClient lamp = fixture.client("lamp")) {
      connected = event();
      assertThat(connected.keySet())
          .containsExactlyInAnyOrder(
              "clientId",
              "timestamp",
              "eventType",
              "sessionIdentifier",
              "principalIdentifier",
              "ipAddress",
              "versionNumber");
      assertThat(connected.get("clientId").getAsString()).isEqualTo("lamp");
      assertThat(connected.get("eventType").getAsString()).isEqualTo("connected");
      assertThat(connected.get("principalIdentifier").getAsString())
          .isEqualTo(fixture.pki.active("full").orElseThrow().fingerprint());
      assertThat(connected.get("ipAddress").getAsString()).isEqualTo("127.0.0.1");
      assertThat(connected.get("versionNumber").getAsLong()).isZero();
      lamp.disconnect();
    }
    JsonObject disconnected = event();
    assertThat(disconnected.get("eventType").getAsString()).isEqualTo("disconnected");
    assertThat(disconnected.get("clientInitiatedDisconnect").getAsBoolean()).isTrue();
    assertThat(disconnected.get("disconnectReason").getAsString())
        .isEqualTo("CLIENT_INITIATED_DISCONNECT");
    assertThat(disconnected.get("sessionIdentifier")).isEqualTo(connected.get("sessionIdentifier"));
    assertThat(disconnected.get("versionNumber").getAsLong()).isZero();

    try (RawClient lamp = fixture.client("lamp")) {
      assertThat(event().get("versionNumber").getAsLong()).isEqualTo(1);
      lamp.disconnect();
    }
  }

  // "If a client is not connected for approximately one hour, the version number is reset to 0."
  @Test
  void versionsBeginAgainAfterAnHour() throws Exception {
    try (RawClient lamp = fixture.client("lamp")) {
      lamp.disconnect();
      await().until(() -> fixture.broker.connections() == 1);
    }
    fixture.now.addAndGet(Duration.ofMinutes(59).toNanos());
    fixture.broker.expireSessions();
    assertThat(fixture.broker.presence().versions()).containsKey("lamp");
    fixture.now.addAndGet(Duration.ofMinutes(1).toNanos());
    fixture.broker.expireSessions();
    assertThat(fixture.broker.presence().versions()).doesNotContainKey("lamp").hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "LOST, CONNECTION_LOST",
    "DENIED, AUTH_ERROR",
    "MALFORMED, CLIENT_ERROR",
    "QOS2, CLIENT_ERROR",
    "TAKEN, DUPLICATE_CLIENTID",
    "SWITCHED_OFF, SERVER_INITIATED_DISCONNECT",
  })
  void saysWhyAClientHasGone(String how, String reason) throws Exception {
    watcher.subscribe("$aws/events/presence/disconnected/limited", 0);
    try (RawClient client = fixture.client("limited")) {
      switch (how) {
        case "LOST" -> client.close();
        case "DENIED" -> client.publish("forbidden", 0, "x");
        case "MALFORMED" -> client.raw(new byte[] {(byte) 0xF0, 0});
        case "QOS2" -> client.publish("a/b", 2, "x");
        case "TAKEN" -> fixture.client("limited").close();
        case "SWITCHED_OFF" -> fixture.status("limited", Status.INACTIVE);
        default -> throw new AssertionError(how);
      }
      JsonObject event = event();
      assertThat(event.get("disconnectReason").getAsString()).isEqualTo(reason);
      assertThat(event.get("clientInitiatedDisconnect").getAsBoolean()).isFalse();
    }
  }

  @Test
  void tellsOfSubscriptions() throws Exception {
    watcher.subscribe("$aws/events/subscriptions/subscribed/limited", 0);
    watcher.subscribe("$aws/events/subscriptions/unsubscribed/limited", 0);
    try (RawClient client = fixture.client("limited")) {
      client.subscribe("forbidden", 0);
      client.subscribe("a/b", 0);
      assertThat(event().get("topics").toString()).isEqualTo("[\"a/b\"]");
      client.send(0xA2, new byte[] {0, 5}, RawClient.utf8("a/b"));
      JsonObject event = event();
      assertThat(event.get("eventType").getAsString()).isEqualTo("unsubscribed");
      assertThat(event.get("topics").toString()).isEqualTo("[\"a/b\"]");
    }
  }

  // "Client IDs that contain # or + do not receive lifecycle events."
  @Test
  void isSilentAboutIdsThatMakeNoTopic() throws Exception {
    watcher.subscribe("$aws/events/presence/connected/#", 0);
    fixture.client("a+b").close();
    fixture.client("plain").close();
    assertThat(event().get("clientId").getAsString()).isEqualTo("plain");
  }
}
