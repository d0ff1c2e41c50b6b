package io.snaprail.mqtt;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.BrokerConfig;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.PayloadConfig;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TelemetryUplinks;
import io.snaprail.api.uplink.Uplink;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/**
 * An uplink to any MQTT 3.1.1 broker. Settings that are wrong are told on the problem board under
 * the PID; the uplink is then not there until they are mended, and nothing else is touched.
 */
@Capability(namespace = Uplink.NAMESPACE, name = MqttUplinkComponent.PID)
@Component(
    name = MqttUplinkComponent.PID,
    service = {},
    immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = MqttUplinkComponent.Form.class, factory = true)
public final class MqttUplinkComponent {
  /** The factory PID; what follows {@code ~} in a configuration's name is the uplink's name. */
  public static final String PID = "io.snaprail.mqtt";

  private final ProblemBoard board;
  private final String pid;
  private final @Nullable TelemetryUplink uplink;

  /** Settings of an uplink. */
  public @interface Config {
    @AttributeDefinition(
        description = "MQTT client id; empty for snaprail-<host name>-<uplink>",
        required = false)
    String client_id() default "";

    @AttributeDefinition(description = "Whether the broker forgets the session at disconnect")
    boolean clean_session() default true;

    @AttributeDefinition(
        description =
            "Topic on which the gateway says that it is online, and the broker that it is not:"
                + " the last will; {{gateway}}, {{uplink}} and variables are filled in; empty for"
                + " none",
        required = false)
    String presence_topic() default "";

    @AttributeDefinition(description = "What is said at connecting")
    String presence_online() default Presence.ONLINE;

    @AttributeDefinition(description = "What is said when the gateway goes or is gone")
    String presence_offline() default Presence.OFFLINE;

    @AttributeDefinition(description = "Quality of service of both, 0 or 1")
    int presence_qos() default 1;

    @AttributeDefinition(description = "Whether the broker keeps the last of them")
    boolean presence_retain() default true;

    @AttributeDefinition(
        description = "Topic; {{device}}, {{gateway}}, {{uplink}} and variables are filled in")
    String topic() default "snaprail/{{gateway}}/{{device}}";

    @AttributeDefinition(description = "Variables for the topic, name=value", required = false)
    String[] variables() default {};
  }

  /** The form: an uplink's own settings, then those that every uplink has. */
  @ObjectClassDefinition(
      name = "MQTT uplink",
      description = "Sends telemetry to an MQTT 3.1.1 broker")
  public interface Form extends BrokerConfig, Config, PayloadConfig, TelemetryConfig {}

  /** Called by the service component runtime. */
  @Activate
  public MqttUplinkComponent(
      @Reference TelemetryUplinks uplinks,
      @Reference ProblemBoard board,
      Config config,
      BrokerConfig broker,
      TelemetryConfig telemetry,
      PayloadConfig payload,
      Map<String, Object> properties) {
    this.board = board;
    this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
    this.uplink =
        open(
            uplinks,
            () -> connection(name(pid), config, broker),
            () -> telemetry(config, broker, telemetry).with(Payload.of(payload)));
  }

  @Deactivate
  void deactivate() {
    if (uplink != null) {
      uplink.close();
    }
    board.report(pid, List.of());
  }

  private @Nullable TelemetryUplink open(
      TelemetryUplinks uplinks,
      Supplier<MqttSettings> connection,
      Supplier<TelemetrySettings> telemetry) {
    try {
      TelemetryUplink opened = uplinks.open(connection.get(), telemetry.get());
      board.report(pid, List.of());
      return opened;
    } catch (IllegalArgumentException | IllegalStateException e) {
      String message = e.getMessage() + ". The uplink is not started.";
      board.report(pid, List.of(new Problem(Problem.Severity.ERROR, pid, message)));
      return null;
    }
  }

  private static MqttSettings connection(String name, Config config, BrokerConfig broker) {
    String clientId = config.client_id().strip();
    return MqttSettings.of(
        name,
        broker,
        clientId.isEmpty() ? "snaprail-" + HostName.get() + "-" + name : clientId,
        config.clean_session(),
        presence(name, config));
  }

  private static Presence presence(String name, Config config) {
    String topic = config.presence_topic().strip();
    if (topic.isEmpty()) {
      return Presence.NONE;
    }
    return Presence.of(
        PresenceTopic.fill(topic, name, Variables.parse(config.variables())),
        config.presence_online(),
        config.presence_offline(),
        config.presence_qos(),
        config.presence_retain());
  }

  private static TelemetrySettings telemetry(
      Config config, BrokerConfig broker, TelemetryConfig shared) {
    return TelemetrySettings.of(
        shared,
        config.topic(),
        Variables.parse(config.variables()),
        broker.rate_messages(),
        broker.rate_bytes());
  }

  /** What makes the PID this one's: after {@code ~}, or after the factory PID and a dot. */
  static String name(String pid) {
    int tilde = pid.indexOf('~');
    String name = tilde >= 0 ? pid.substring(tilde + 1) : pid;
    return name.startsWith(PID + ".") ? name.substring(PID.length() + 1) : name;
  }
}
