package io.snaprail.awsiot;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.PayloadConfig;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TelemetryUplinks;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;

class AwsIotComponentTest {
  private static final String PID = "io.snaprail.awsiot~cloud";

  private final Map<String, List<Problem>> board = new HashMap<>();
  private final AtomicInteger closed = new AtomicInteger();
  private MqttSettings connection;
  private TelemetrySettings telemetry;

  private AwsIotComponent activate(Object... settings) {
    Map<String, Object> map =
        new HashMap<>(Map.of("endpoint", "a.example", "thing", "gw", "identity", "demo"));
    for (int i = 0; i < settings.length; i += 2) {
      map.put((String) settings[i], settings[i + 1]);
    }
    TelemetryUplinks uplinks =
        (c, t, e) -> {
          connection = c;
          telemetry = t;
          return uplink();
        };
    return new AwsIotComponent(
        context(),
        uplinks,
        board(),
        config(AwsIotConfig.class, map),
        config(TelemetryConfig.class, map),
        config(PayloadConfig.class, map),
        Map.of("service.pid", PID));
  }

  private static BundleContext context() {
    return (BundleContext)
        Proxy.newProxyInstance(
            AwsIotComponentTest.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> null);
  }

  private TelemetryUplink uplink() {
    return (TelemetryUplink)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {TelemetryUplink.class},
            (proxy, method, arguments) ->
                method.getName().equals("close") ? closed.incrementAndGet() : null);
  }

  private ProblemBoard board() {
    return new ProblemBoard() {
      @Override
      public void report(String source, List<Problem> problems) {
        board.put(source, problems);
      }

      @Override
      public List<Entry> problems() {
        return List.of();
      }
    };
  }

  private static <T> T config(Class<T> type, Map<String, Object> settings) {
    return type.cast(
        Proxy.newProxyInstance(
            AwsIotComponentTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                settings.getOrDefault(method.getName(), method.getDefaultValue())));
  }

  private String problem() {
    assertThat(board.get(PID)).hasSize(1);
    assertThat(connection).isNull();
    return board.get(PID).get(0).message();
  }

  @Test
  void defaultsAreThoseOfAws() {
    activate();
    assertThat(connection.endpoint()).isEqualTo("mqtts://a.example:8883");
    assertThat(connection.name()).isEqualTo("cloud");
    assertThat(connection.clientId()).isEqualTo("gw");
    assertThat(connection.alpn()).isEmpty();
    assertThat(connection.keepAlive().toSeconds()).isEqualTo(60);
    assertThat(telemetry.topic()).isEqualTo("snaprail/{{thing}}/{{device}}");
    assertThat(telemetry.variables()).containsExactlyEntriesOf(Map.of("thing", "gw"));
    assertThat(board.get(PID)).isEmpty();
  }

  // AWS IoT Core, "Device communication protocols": MQTT on 443 needs ALPN.
  @Test
  void port443OffersAlpn() {
    activate("endpoint", "a.example:443");
    assertThat(connection.port()).isEqualTo(443);
    assertThat(connection.alpn()).containsExactly("x-amzn-mqtt-ca");
  }

  @Test
  void iccidAndVariablesAreKnownToTheTopic() {
    activate("iccid", "8949", "variables", new String[] {"site=north"});
    assertThat(telemetry.variables())
        .containsOnly(
            Map.entry("thing", "gw"), Map.entry("iccid", "8949"), Map.entry("site", "north"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "endpoint|https://a.example|endpoint: expected the host name",
        "endpoint|''|endpoint: expected",
        "endpoint|a:b|endpoint: expected a number",
        "thing|''|thing: expected 1..128 letters",
        "thing|my thing|thing: expected",
        "client_id|$x|client.id: expected 1..128 bytes",
        "identity|''|identity: expected an identity",
        "topic|a/b/c/d/e/f/g/h/{{device}}|topic: expected 7 slashes at most (AWS IoT Core), found"
            + " 8",
        "topic|$aws/things/x|topic: expected one that does not start with '$'",
      })
  void badSettingIsNamedOnTheBoard(String key, String value, String message) {
    activate(key, value);
    assertThat(problem()).startsWith(message);
  }

  @Test
  void keepAliveOutsideOfWhatAwsTakesIsNamed() {
    activate("keep_alive_s", 29);
    assertThat(problem()).contains("keep.alive.s: expected 30..1200, found '29'");
  }

  @Test
  void topicOfMoreThan256BytesIsNamed() {
    activate("topic", "ü".repeat(130));
    assertThat(problem()).contains("topic: expected 256 bytes at most (AWS IoT Core), found 260");
  }

  // Basic Ingest: the prefix counts neither as levels nor as length.
  @Test
  void basicIngestPrefixDoesNotCount() {
    activate("topic", "$aws/rules/plant/a/b/c/d/e/f/g/{{device}}");
    assertThat(board.get(PID)).isEmpty();
  }

  @Test
  void slashesInVariablesCount() {
    activate("topic", "{{site}}/{{device}}", "variables", new String[] {"site=a/b/c/d/e/f/g/h"});
    assertThat(problem()).contains("found 8");
  }

  @Test
  void deactivationClosesTheUplinkAndClearsTheBoard() {
    activate().deactivate();
    assertThat(closed).hasValue(1);
    assertThat(board.get(PID)).isEmpty();
  }

  @Test
  void uplinkThatCannotBeOpenedIsToldAndNothingElseHappens() {
    TelemetryUplinks refusing =
        (c, t, e) -> {
          throw new IllegalArgumentException("topic 'x': expected y, found 'z'");
        };
    AwsIotComponent component =
        new AwsIotComponent(
            context(),
            refusing,
            board(),
            config(AwsIotConfig.class, Map.of("endpoint", "a", "thing", "gw", "identity", "demo")),
            config(TelemetryConfig.class, Map.of()),
            config(PayloadConfig.class, Map.of()),
            Map.of("service.pid", PID));
    assertThat(problem()).contains("topic 'x': expected y, found 'z'. The uplink is not started.");
    component.deactivate();
    assertThat(closed).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "shadow|devices|shadow: expected none, device or classic, found 'devices'",
        "key_type|EC|key.type: expected [EC_P256, EC_P384, RSA_2048, RSA_3072], found 'EC'",
        "provisioning_claim|claim|provisioning.template: expected the template's name",
        "commands_request_topic|a/b|commands.answer.topic: expected a topic",
      })
  void wrongFunctionsAreTold(String key, String value, String message) {
    activate(key, value);
    assertThat(problem()).startsWith(message);
  }

  @Test
  void listsOfFunctionsAreCheckedToo() {
    activate("jobs_allow", new String[] {"format-disk"});
    assertThat(problem())
        .startsWith(
            "jobs.allow: expected of apply-configuration, install-bundle, remove-bundle,"
                + " rollback-bundle, rotate-certificate, support-bundle, update-bundle, found");
    activate("shadow_write", new String[] {"a/b/c"});
    assertThat(problem()).startsWith("shadow.write: expected device/point");
    activate("commands_write", new String[] {"a/b"});
    assertThat(problem()).startsWith("commands.request.topic: expected a topic beside");
    activate("provisioning_parameters", new String[] {"Serial={{colour}}"});
    assertThat(problem()).contains("found '{{colour}}'");
  }

  @Test
  void topicsOfTheBackChannelAreFilledInOrRefused() {
    activate(
        "commands_request_topic", "mcc/{{iccid}}/request", "commands_answer_topic", "mcc/x/answer");
    assertThat(problem())
        .startsWith("commands.request.topic: expected one of {{thing}}, found '{{iccid}}'");
  }

  // Whatever AWS is called: a VPC endpoint, a custom domain, an address; ALPN goes with the port.
  @Test
  void otherNamesOfTheEndpointAreTaken() {
    activate(
        "endpoint",
        "vpce-1.iot.eu-central-1.vpce.amazonaws.com:443",
        "tls_server_name",
        "abc-ats.iot.eu-central-1.amazonaws.com");
    assertThat(connection.host()).isEqualTo("vpce-1.iot.eu-central-1.vpce.amazonaws.com");
    assertThat(connection.serverName()).isEqualTo("abc-ats.iot.eu-central-1.amazonaws.com");
    assertThat(connection.alpn()).containsExactly("x-amzn-mqtt-ca");
    activate("endpoint", "iot.plant.example");
    assertThat(connection.serverName()).isEqualTo("iot.plant.example");
    activate("endpoint", "[fd00::1]:443");
    assertThat(connection.host()).isEqualTo("fd00::1");
    assertThat(connection.port()).isEqualTo(443);
    activate("endpoint", "fd00::1");
    assertThat(connection.port()).isEqualTo(8883);
  }

  @Test
  void presenceKeptSessionAndProxyReachTheConnection() {
    activate(
        "presence_topic",
        "snaprail/{{thing}}/presence",
        "presence_qos",
        0,
        "clean_session",
        false,
        "proxy",
        "proxy.example:3128");
    assertThat(connection.client().presence().will().topic()).isEqualTo("snaprail/gw/presence");
    assertThat(connection.client().presence().will().qos()).isZero();
    assertThat(connection.client().presence().will().retained()).isTrue();
    assertThat(connection.client().cleanSession()).isFalse();
    assertThat(connection.proxy().text()).isEqualTo("proxy.example:3128");
  }

  @ParameterizedTest
  @CsvSource({
    "presence_topic, a/{{nobody}}, presence.topic: expected one of",
    "presence_topic, a/+, presence.topic: expected a topic without",
    "proxy, http://p:1, proxy: expected host:port",
  })
  void wrongPresenceAndProxyAreNamed(String key, String value, String message) {
    activate(key, value);
    assertThat(problem()).contains(message);
  }
}
