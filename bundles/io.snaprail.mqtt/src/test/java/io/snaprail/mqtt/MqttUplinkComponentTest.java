package io.snaprail.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.mqtt.BrokerConfig;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.PayloadConfig;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TelemetryUplinks;
import io.snaprail.mqtt.support.FakeBoard;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MqttUplinkComponentTest {
  private static final String PID = "io.snaprail.mqtt~plant";

  private final FakeBoard board = new FakeBoard();
  private final AtomicReference<MqttSettings> connection = new AtomicReference<>();
  private final AtomicReference<TelemetrySettings> telemetry = new AtomicReference<>();

  private MqttUplinkComponent activate(Map<String, Object> settings) {
    TelemetryUplinks uplinks =
        (c, t, e) -> {
          connection.set(c);
          telemetry.set(t);
          return null;
        };
    return new MqttUplinkComponent(
        uplinks,
        board,
        config(MqttUplinkComponent.Config.class, settings),
        config(BrokerConfig.class, settings),
        config(TelemetryConfig.class, settings),
        config(PayloadConfig.class, settings),
        Map.of("service.pid", PID));
  }

  private static <T> T config(Class<T> type, Map<String, Object> settings) {
    return type.cast(
        Proxy.newProxyInstance(
            MqttUplinkComponentTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                settings.getOrDefault(method.getName(), method.getDefaultValue())));
  }

  @Test
  void defaultsAreMutualTlsReadyAndNamedAfterThePid() {
    activate(Map.of("host", "broker"));
    MqttSettings c = connection.get();
    assertThat(c.name()).isEqualTo("plant");
    assertThat(c.endpoint()).isEqualTo("mqtts://broker:8883");
    assertThat(c.clientId()).isEqualTo("snaprail-" + HostName.get() + "-plant");
    assertThat(c.keepAlive().toSeconds()).isEqualTo(30);
    assertThat(telemetry.get().topic()).isEqualTo("snaprail/{{gateway}}/{{device}}");
    assertThat(board.of(PID)).isEmpty();
  }

  @Test
  void badSettingIsOneProblemUnderThePidAndIsGoneWhenMended() {
    MqttUplinkComponent broken = activate(Map.of("host", "broker", "port", 70_000));
    assertThat(board.of(PID))
        .singleElement()
        .satisfies(
            problem ->
                assertThat(problem.message())
                    .isEqualTo(
                        "port: expected 1..65535, found '70000'. The uplink is not started."));
    broken.deactivate();
    activate(Map.of("host", "broker"));
    assertThat(board.of(PID)).isEmpty();
  }

  @Test
  void missingHostAndBadVariablesAreNamed() {
    activate(Map.of());
    assertThat(board.of(PID).get(0).message()).contains("host: expected");
    activate(Map.of("host", "b", "variables", new String[] {"site"}));
    assertThat(board.of(PID).get(0).message()).contains("variables: expected name=value");
  }

  @Test
  void variablesMayHoldEqualsSigns() {
    assertThat(Variables.parse(new String[] {" site = plant=1 "}))
        .containsExactly(Map.entry("site", "plant=1"));
    assertThatThrownBy(() -> Variables.parse(new String[] {"a=1", "a=2"}))
        .hasMessageContaining("'a' twice");
  }

  @Test
  void nameComesFromThePid() {
    assertThat(MqttUplinkComponent.name("io.snaprail.mqtt~a")).isEqualTo("a");
    assertThat(MqttUplinkComponent.name("io.snaprail.mqtt.4711")).isEqualTo("4711");
  }

  @Test
  void presenceIsFilledInAndCheckedOnce() {
    activate(
        Map.of(
            "host",
            "b",
            "presence_topic",
            "{{site}}/{{uplink}}/presence",
            "variables",
            new String[] {"site=plant-1"}));
    assertThat(connection.get().client().presence().will().topic())
        .isEqualTo("plant-1/plant/presence");
    activate(Map.of("host", "b", "presence_topic", "x/{{device}}"));
    assertThat(board.of(PID).get(0).message()).startsWith("presence.topic: expected no {{device}}");
    activate(Map.of("host", "b", "presence_topic", "x", "presence_qos", 2));
    assertThat(board.of(PID).get(0).message()).startsWith("presence.qos: expected 0 or 1");
  }

  @Test
  void identityWithoutTlsAndWrongProxyAreNamed() {
    activate(Map.of("host", "b", "tls", false, "identity", "demo"));
    assertThat(board.of(PID).get(0).message()).startsWith("tls: expected true beside 'identity'");
    activate(Map.of("host", "b", "proxy", "nowhere"));
    assertThat(board.of(PID).get(0).message()).startsWith("proxy: expected host:port");
  }
}
