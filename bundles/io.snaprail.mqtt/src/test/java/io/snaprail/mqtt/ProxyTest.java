package io.snaprail.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.Login;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.ProxySettings;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TlsSettings;
import io.snaprail.api.security.SecretStore;
import io.snaprail.api.uplink.UplinkStatus.State;
import io.snaprail.mqtt.support.ScriptedProxy;
import io.snaprail.mqtt.support.TestCa;
import io.snaprail.mqtt.support.Threads;
import io.snaprail.mqtt.support.Tinyproxy;
import io.snaprail.testkit.peer.Mosquitto;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Through an HTTP proxy: one that does what a test says, and Debian's tinyproxy. */
@Timeout(90)
class ProxyTest {
  private static final TestCa CA = new TestCa("Plant CA");

  @TempDir Path folder;
  private final Rig rig = new Rig();

  @AfterEach
  void end() {
    rig.close();
    await().untilAsserted(() -> assertThat(Threads.ofMqtt("p-")).isEmpty());
  }

  private TelemetryUplink open(String broker, int port, ProxySettings proxy) {
    return rig.open(
        new MqttSettings(
            "p-x", broker, port, null, new ClientSettings("p-x", Duration.ofSeconds(30)), proxy));
  }

  private static ProxySettings proxy(int port) {
    return new ProxySettings("127.0.0.1", port, Login.NONE);
  }

  private static void awaitMessage(TelemetryUplink uplink, String part) {
    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(uplink.status().message()).contains(part));
  }

  private void secret(String name, String value) {
    rig.component.bindSecrets(
        (SecretStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {SecretStore.class},
                (proxy, method, arguments) ->
                    name.equals(arguments[0])
                        ? Optional.of(value.toCharArray())
                        : Optional.empty()));
  }

  // RFC 9110, 9.3.6: the name goes to the proxy as it is; nobody here has an address for it.
  @Test
  void asksForTheBrokerByNameAndShowsUserAndPassword() throws Exception {
    secret("proxy-password", "s\u00e4cret:1");
    try (ScriptedProxy proxy = new ScriptedProxy("HTTP/1.1 403 Filtered\r\n\r\n")) {
      open(
          "broker.invalid",
          8883,
          new ProxySettings("127.0.0.1", proxy.port(), new Login("gate", "proxy-password")));
      await().until(() -> !proxy.requests().isEmpty());
      String login =
          Base64.getEncoder().encodeToString("gate:s\u00e4cret:1".getBytes(StandardCharsets.UTF_8));
      assertThat(proxy.requests().get(0))
          .isEqualTo(
              "CONNECT broker.invalid:8883 HTTP/1.1\r\nHost: broker.invalid:8883\r\n"
                  + "Proxy-Authorization: Basic "
                  + login
                  + "\r\n\r\n");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 407 Auth\\r\\nProxy-Authenticate: Basic realm=x\\r\\n\\r\\n"
            + "|FAULT|asks for a user and a password (407 Auth). Set proxy.user",
        "HTTP/1.1 407 Auth\\r\\nProxy-Authenticate: NTLM\\r\\n\\r\\n"
            + "|FAULT|asks for the scheme NTLM only; the gateway speaks Basic",
        "HTTP/1.0 403 Filtered\\r\\n\\r\\n|FAULT|does not connect to b.invalid:1883 (403 Filtered)",
        "HTTP/1.1 501 No\\r\\n\\r\\n|FAULT|does not connect to b.invalid:1883 (501 No)",
        "HTTP/1.1 502\\r\\n\\r\\n|WAITING|could not connect to b.invalid:1883 (502). Check that",
        "HTTP/1.1 504 Late\\r\\n\\r\\n|WAITING|could not connect to b.invalid:1883 (504 Late)",
        "SSH-2.0-OpenSSH\\r"
            + "\\n"
            + "\\r"
            + "\\n"
            + "|WAITING|does not answer as an HTTP proxy does (SSH-2.0-OpenSSH)",
        "HTTP/1.1 2000 x\\r"
            + "\\n"
            + "\\r"
            + "\\n"
            + "|WAITING|does not answer as an HTTP proxy does (HTTP/1.1 2000 x)",
      })
  void saysWhatTheProxyHasSaid(String answer, State state, String words) throws Exception {
    String text = answer.replace("\\r", "\r").replace("\\n", "\n");
    try (ScriptedProxy proxy = new ScriptedProxy(text)) {
      TelemetryUplink uplink = open("b.invalid", 1883, proxy(proxy.port()));
      awaitMessage(uplink, "the proxy 127.0.0.1:" + proxy.port() + " " + words);
      await().until(() -> uplink.status().state() == state);
    }
  }

  @Test
  void passwordThatIsNotAcceptedIsToldAndNotShown() throws Exception {
    secret("pp", "hidden-word");
    try (ScriptedProxy proxy = new ScriptedProxy("HTTP/1.1 407 No\r\n\r\n")) {
      TelemetryUplink uplink =
          open(
              "b.invalid",
              1883,
              new ProxySettings("127.0.0.1", proxy.port(), new Login("gate", "pp")));
      awaitMessage(uplink, "does not accept user and password (407 No). Check proxy.user");
      assertThat(uplink.status().message()).doesNotContain("hidden-word");
    }
  }

  @Test
  void missingSecretOfTheProxyIsNamedByItsKey() {
    TelemetryUplink uplink =
        open("b", 1883, new ProxySettings("127.0.0.1", 1, new Login("gate", "nowhere")));
    awaitMessage(uplink, "secret 'nowhere' not found");
    assertThat(uplink.status().message()).contains("correct the setting proxy.password.secret");
  }

  @Test
  void endlessHeadersAreGivenUp() throws Exception {
    String endless = "HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(5_000);
    try (ScriptedProxy proxy = new ScriptedProxy(endless)) {
      awaitMessage(
          open("b.invalid", 1883, proxy(proxy.port())), "more than 16384 bytes without the end");
    }
  }

  @Test
  void proxyThatSaysNothingIsGivenUpAfterEightSeconds() throws Exception {
    try (ScriptedProxy proxy = new ScriptedProxy("")) {
      awaitMessage(open("b.invalid", 1883, proxy(proxy.port())), "has not answered within 8 s");
    }
  }

  @Test
  void proxyThatHangsUpIsTold() throws Exception {
    try (ScriptedProxy proxy = new ScriptedProxy(null)) {
      awaitMessage(
          open("b.invalid", 1883, proxy(proxy.port())),
          "closes the connection instead of answering");
    }
  }

  @Test
  void proxyThatIsNotThereIsTold() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    awaitMessage(
        open("b.invalid", 1883, proxy(port)),
        "the proxy 127.0.0.1:" + port + " cannot be reached: connection refused");
    TelemetryUplink nameless =
        rig.open(
            new MqttSettings(
                "p-dns",
                "b.invalid",
                1883,
                null,
                Rig.client("p-dns"),
                new ProxySettings("proxy.invalid", 3128, Login.NONE)));
    awaitMessage(nameless, "the proxy proxy.invalid:3128: its name has no address");
  }

  @Test
  void settingsAreCheckedAndSplit() {
    assertThat(ProxySettings.of("p.example:3128", Login.NONE).text()).isEqualTo("p.example:3128");
    assertThat(ProxySettings.of("[::1]:3128", Login.NONE).host()).isEqualTo("::1");
    for (String wrong :
        new String[] {"p.example", "http://p:1", "p:x", "::1:3128", ":1", "p:70000"}) {
      assertThatThrownBy(() -> ProxySettings.of(wrong, Login.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("proxy: expected");
    }
    assertThatThrownBy(() -> ProxySettings.of("p:1", new Login("", "x")))
        .hasMessageContaining("proxy.user: expected a user for the password");
  }

  // TLS is between gateway and broker: the proxy sees a name and bytes.
  @Tag("peer")
  @Test
  void mutualTlsGoesThroughTinyproxyWithALogin() throws Exception {
    secret("proxy-password", "pass-1");
    rig.certificates.roots("roots", CA);
    rig.certificates.identity("demo", CA.issue("gateway-7"));
    try (Mosquitto broker = new Mosquitto(folder);
        Tinyproxy proxy = new Tinyproxy(folder, "BasicAuth gate pass-1")) {
      CA.serve(broker, CA.issue("localhost", "localhost")).start();
      TelemetryUplink uplink =
          rig.open(
              new MqttSettings(
                  "p-tls",
                  "localhost",
                  broker.port(),
                  new TlsSettings("demo", "roots"),
                  Rig.client("p-tls"),
                  new ProxySettings(
                      "127.0.0.1", proxy.port(), new Login("gate", "proxy-password"))));
      rig.sample("p-tls", "boiler", 1);
      await().atMost(30, TimeUnit.SECONDS).until(() -> uplink.status().acknowledged() == 1);
      assertThat(broker.logText()).contains("u'gateway-7'");
      assertThat(proxy.logText()).contains("CONNECT localhost:" + broker.port());
    }
  }

  @Tag("peer")
  @Test
  void nameOfTheBrokersCertificateIsCheckedBehindAProxy() throws Exception {
    rig.certificates.roots("roots", CA);
    rig.certificates.identity("demo", CA.issue("gateway-7"));
    try (Mosquitto broker = new Mosquitto(folder);
        Tinyproxy proxy = new Tinyproxy(folder)) {
      // Good for the proxy's own address, which is not who we want to talk to.
      CA.serve(broker, CA.issue("p", "127.0.0.1")).start();
      TelemetryUplink uplink =
          rig.open(
              new MqttSettings(
                  "p-name",
                  "localhost",
                  broker.port(),
                  new TlsSettings("demo", "roots"),
                  Rig.client("p-name"),
                  proxy(proxy.port())));
      awaitMessage(uplink, "the broker's certificate is for another host than 'localhost'");
    }
  }

  @Tag("peer")
  @Test
  void refusalsOfTinyproxyAreUnderstood() throws Exception {
    try (Tinyproxy proxy = new Tinyproxy(folder, "BasicAuth gate pass-1", "ConnectPort 8883")) {
      TelemetryUplink missing = open("localhost", 8883, proxy(proxy.port()));
      awaitMessage(missing, "asks for a user and a password (407");
      missing.close();
      secret("proxy-password", "pass-1");
      ProxySettings known =
          new ProxySettings("127.0.0.1", proxy.port(), new Login("gate", "proxy-password"));
      TelemetryUplink forbidden = open("localhost", 1, known);
      awaitMessage(forbidden, "does not connect to localhost:1 (403");
      forbidden.close();
      TelemetryUplink nowhere = open("broker.invalid", 8883, known);
      awaitMessage(nowhere, "could not connect to broker.invalid:8883 (5");
    }
  }
}
