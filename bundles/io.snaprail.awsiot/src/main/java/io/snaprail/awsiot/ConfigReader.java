package io.snaprail.awsiot;

import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.command.PointFilter;
import io.snaprail.api.mqtt.Login;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.ProxySettings;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.awsiot.internal.AwsEndpoint;
import io.snaprail.awsiot.internal.AwsLimits;
import io.snaprail.awsiot.internal.AwsSettings;
import io.snaprail.awsiot.internal.AwsTopic;
import io.snaprail.awsiot.internal.Functions;
import io.snaprail.awsiot.internal.provisioning.GatewayFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a connector's settings; each message names key, expected and found. */
final class ConfigReader {
  private ConfigReader() {}

  static TelemetrySettings telemetry(
      AwsIotConfig config, TelemetryConfig shared, Map<String, String> names) {
    AwsTopic.check(config.topic().strip(), names);
    return TelemetrySettings.of(
        shared, config.topic(), names, config.rate_messages(), config.rate_bytes());
  }

  static AwsSettings settings(String name, AwsIotConfig config) {
    boolean claimed = !config.provisioning_claim().isBlank();
    String thing = config.thing().strip();
    // By a claim, the template says which thing it is: until then the host's name stands for it.
    String known = thing.isEmpty() && claimed ? thingName(new GatewayFacts(Path.of("/"))) : thing;
    String clientId = config.client_id().strip();
    return new AwsSettings(
        name,
        AwsEndpoint.parse(config.endpoint(), config.port()).named(config.tls_server_name().strip()),
        known,
        clientId.isEmpty() ? known : clientId,
        config.identity().strip(),
        config.roots().strip(),
        new AwsSettings.Line(config.keep_alive_s(), config.clean_session(), proxy(config)));
  }

  static MqttSettings connection(
      AwsIotConfig config, AwsSettings settings, Map<String, String> names) {
    String topic = config.presence_topic().strip();
    return settings.connection(
        topic.isEmpty()
            ? Presence.NONE
            : Presence.of(
                AwsTopic.fill("presence.topic", topic, names),
                config.presence_online(),
                config.presence_offline(),
                config.presence_qos(),
                config.presence_retain()));
  }

  private static @Nullable ProxySettings proxy(AwsIotConfig config) {
    String proxy = config.proxy().strip();
    return proxy.isEmpty()
        ? null
        : ProxySettings.of(
            proxy, new Login(config.proxy_user(), config.proxy_password_secret().strip()));
  }

  private static String thingName(GatewayFacts facts) {
    String name = facts.hostName().replaceAll("[^a-zA-Z0-9:_-]", "_");
    return name.length() > AwsLimits.ID_BYTES ? name.substring(0, AwsLimits.ID_BYTES) : name;
  }

  static Functions functions(AwsIotConfig config) {
    return new Functions(
        new Functions.Provisioning(
            config.provisioning_template().strip(),
            config.provisioning_claim().strip(),
            new GatewayFacts(Path.of("/")).parameters(List.of(config.provisioning_parameters())),
            keyType(config.key_type().strip()),
            config.key_token().strip()),
        Set.of(config.jobs_allow()),
        new Functions.Shadows(
            Functions.Shadows.mode(config.shadow().strip()),
            PointFilter.parse("shadow.report", List.of(config.shadow_report())),
            PointFilter.parse("shadow.write", List.of(config.shadow_write())),
            Duration.ofSeconds(config.shadow_desired_max_age_s()),
            config.shadow_gateway(),
            config.shadow_gateway_write()),
        new Functions.Commands(
            config.commands_request_topic().strip(),
            config.commands_answer_topic().strip(),
            PointFilter.parse("commands.write", List.of(config.commands_write())),
            PointFilter.parse("commands.raw", List.of(config.commands_raw()))));
  }

  private static KeyType keyType(String text) {
    return Arrays.stream(KeyType.values())
        .filter(type -> type.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "key.type: expected "
                        + Arrays.toString(KeyType.values())
                        + ", found '"
                        + text
                        + "'"));
  }
}
