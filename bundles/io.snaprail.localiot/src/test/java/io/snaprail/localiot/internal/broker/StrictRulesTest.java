package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.localiot.testing.RawClient.Packet;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only strict rules do. Each test names its source. */
class StrictRulesTest {
  @TempDir private static Path folder;
  private static BrokerFixture fixture;

  @BeforeAll
  static void start() throws Exception {
    fixture = new BrokerFixture(folder, new Rules(true, 5));
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static RawClient dial(String... protocols) throws Exception {
    return dialAs("full", protocols);
  }

  private static RawClient dialAs(String identity, String... protocols) throws Exception {
    SSLSocket socket =
        (SSLSocket)
            fixture
                .pki
                .clientContext(identity, "ca")
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), fixture.server.port());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName("local.example")));
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    return new RawClient(socket);
  }

  private static RawClient client(String clientId, boolean clean) throws Exception {
    RawClient client = dial();
    assertThat(client.connect(clientId, clean, 60)).isZero();
    return client;
  }

  // Developer guide, "Transport security in AWS IoT Core": clients have to send SNI.
  @Test
  void refusesAClientThatDoesNotNameTheServer() throws Exception {
    try (RawClient client = fixture.dial("full")) {
      assertThatThrownBy(() -> client.connect("nameless", true, 60))
          .isInstanceOf(IOException.class);
    }
    client("named", true).close();
  }

  // Developer guide, "Device communication protocols": ALPN x-amzn-mqtt-ca; without it port 8883.
  @Test
  void agreesOnAwsApplicationProtocol() throws Exception {
    try (RawClient client = dial("http/1.1", Quotas.ALPN)) {
      assertThat(client.connect("alpn", true, 60)).isZero();
      assertThat(client.applicationProtocol()).isEqualTo("x-amzn-mqtt-ca");
    }
    try (RawClient client = dial("mqtt")) {
      assertThat(client.connect("alpn2", true, 60)).isZero();
      assertThat(client.applicationProtocol()).isEmpty();
    }
  }

  // Quotas, "Publish requests per second per connection": 100; more are discarded.
  @Test
  void discardsPublishesBeyondAHundredInASecond() throws Exception {
    try (RawClient subscriber = client("rate-sub", true);
        RawClient client = client("rate", true)) {
      subscriber.subscribe("rate", 0);
      for (int i = 0; i < 120; i++) {
        client.publish("rate", 0, "" + i);
      }
      client.ping();
      for (int i = 0; i < 100; i++) {
        assertThat(subscriber.read().payload()).isEqualTo("" + i);
      }
      // QoS 1 is discarded without a PUBACK, so that it comes again; the connection stays.
      client.publish("rate", 1, "no");
      client.ping();
      fixture.now.addAndGet(TimeUnit.MILLISECONDS.toNanos(20));
      client.publish("rate", 1, "yes");
      assertThat(client.read().type()).isEqualTo(4);
      assertThat(subscriber.read().payload()).isEqualTo("yes");
    }
  }

  // Quotas, "Throughput per second per connection": 512 KiB; more is delayed.
  @Test
  void readsOnLaterWhenMoreThan512KibHaveComeInASecond() throws Exception {
    try (RawClient client = client("fast", true)) {
      long before = fixture.broker.metrics().received.sum();
      for (int i = 0; i < 5; i++) {
        client.publish("fast", 0, false, new byte[Quotas.PAYLOAD_BYTES - 1]);
      }
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> fixture.broker.metrics().received.sum() == before + 5);
      long start = System.nanoTime();
      client.ping();
      // 640 KiB came at once: 128 KiB too many, a quarter of a second.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
    }
  }

  private static boolean comesIn(String identity, String clientId) throws Exception {
    try (RawClient client = dialAs(identity)) {
      return client.connect(clientId, true, 60) == 0;
    } catch (EOFException | SocketException | SSLException ended) {
      return false;
    }
  }

  // Quotas, "Connect requests per second per client ID": "limits MQTT CONNECT requests from the
  // same accountId and clientId to 1 MQTT CONNECT operation per second". Metric
  // Connect.ClientIDThrottle: who exceeds it is throttled; whoever is there stays.
  @ParameterizedTest
  @CsvSource({
    "often-0,    often-0, 0,    false",
    "often-999,  often-999, 999,  false",
    "often-1000, often-1000, 1000, true",
    "one,        other, 0,    true",
  })
  void letsAClientIdInOnceASecond(String first, String second, int millis, boolean in)
      throws Exception {
    client(first, true).close();
    fixture.now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    assertThat(comesIn("full", second)).isEqualTo(in);
  }

  @Test
  void whoComesTooSoonTakesNobodysPlace() throws Exception {
    try (RawClient present = client("present", true)) {
      assertThat(comesIn("full", "present")).isFalse();
      present.ping();
    }
  }

  // Ours: else anybody with a certificate could keep a device out by its client id.
  @Test
  void whoMayNotUseAClientIdDoesNotCount() throws Exception {
    assertThat(comesIn("limited", "mine")).isFalse();
    assertThat(comesIn("full", "mine")).isTrue();
  }

  // Developer guide, "MQTT persistent sessions": the broker "stores unacknowledged QoS 1 messages
  // and new QoS 1 messages"; on return "all stored messages are sent to the client at a maximum
  // rate of 10 messages per second".
  @Test
  void sendsAgainAsSlowlyAndThenWhatHasComeSince() throws Exception {
    try (RawClient client = client("again", false)) {
      client.subscribe("again", 1);
      publishFromService("again", "0", "1");
      assertThat(client.read().payload()).isEqualTo("0");
      assertThat(client.read().payload()).isEqualTo("1");
    }
    await().until(() -> fixture.broker.connections() == 0);
    publishFromService("again", "2");
    fixture.now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    try (RawClient client = client("again", false)) {
      for (int i = 0; i < 3; i++) {
        Packet kept = client.read();
        assertThat(kept.payload()).isEqualTo("" + i);
        assertThat(kept.duplicate()).as("message " + i).isEqualTo(i < 2);
        // The broker's clock stands still: nothing more comes before it goes on.
        client.ping();
        fixture.now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }

  @Test
  void whatIsAcknowledgedBeforeItsTurnIsNotSentAgain() throws Exception {
    int last;
    try (RawClient client = client("late", false)) {
      client.subscribe("late", 1);
      publishFromService("late", "0", "1");
      client.read();
      last = client.read().packetId();
    }
    await().until(() -> fixture.broker.connections() == 0);
    publishFromService("late", "2");
    fixture.now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    try (RawClient client = client("late", false)) {
      assertThat(client.read().payload()).isEqualTo("0");
      client.puback(last);
      client.ping();
      fixture.now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      assertThat(client.read().payload()).isEqualTo("2");
    }
  }

  private static void publishFromService(String topic, String... messages) {
    for (String message : messages) {
      fixture.broker.publishFromService(topic, message.getBytes(StandardCharsets.UTF_8));
    }
  }

  // Developer guide, "MQTT persistent sessions": stored messages go out at 10 a second.
  @Test
  void replaysKeptMessagesSlowly() throws Exception {
    try (RawClient client = client("kept", false)) {
      client.subscribe("kept", 1);
    }
    await().until(() -> fixture.broker.connections() == 0);
    publishFromService("kept", "0", "1", "2");
    fixture.now.addAndGet(TimeUnit.SECONDS.toNanos(1));
    try (RawClient client = client("kept", false)) {
      assertThat(client.read().payload()).isEqualTo("0");
      // The broker's clock stands still: nothing more comes before it goes on.
      client.ping();
      fixture.now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      assertThat(client.read().payload()).isEqualTo("1");
      client.ping();
      fixture.now.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      assertThat(client.read().payload()).isEqualTo("2");
    }
  }
}
