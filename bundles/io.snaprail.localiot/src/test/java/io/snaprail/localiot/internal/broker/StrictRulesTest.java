package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    SSLSocket socket =
        (SSLSocket)
            fixture
                .pki
                .clientContext("full", "ca")
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

  // Developer guide, "MQTT persistent sessions": stored messages go out at 10 a second.
  @Test
  void replaysKeptMessagesSlowly() throws Exception {
    try (RawClient client = client("kept", false)) {
      client.subscribe("kept", 1);
    }
    await().until(() -> fixture.broker.connections() == 0);
    for (int i = 0; i < 3; i++) {
      fixture.broker.publishFromService("kept", ("" + i).getBytes(StandardCharsets.UTF_8));
    }
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
