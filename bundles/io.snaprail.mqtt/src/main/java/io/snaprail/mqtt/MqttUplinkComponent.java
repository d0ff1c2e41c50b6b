package io.snaprail.mqtt;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.Login;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.PayloadConfig;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.ProxySettings;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TelemetryUplinks;
import io.snaprail.api.mqtt.TlsSettings;
import io.snaprail.api.uplink.Uplink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    @AttributeDefinition(description = "Host name or address of the broker")
    String host() default "";

    @AttributeDefinition(description = "Port, 1..65535")
    int port() default 8883;

    @AttributeDefinition(description = "Use TLS")
    boolean tls() default true;

    @AttributeDefinition(
        description = "Identity in the certificate store to show to the broker; empty for none",
        required = false)
    String identity() default "";

    @AttributeDefinition(
        description = "Set of trusted roots in the certificate store; empty for the JDK's",
        required = false)
    String roots() default "";

    @AttributeDefinition(
        description = "MQTT client id; empty for snaprail-<host name>-<uplink>",
        required = false)
    String client_id() default "";

    @AttributeDefinition(description = "User name; empty for none", required = false)
    String user() default "";

    @AttributeDefinition(
        description = "Name of the password in the secret store; empty for none",
        required = false)
    String password_secret() default "";

    @AttributeDefinition(description = "Keep-alive in seconds, 5..1200")
    int keep_alive_s() default 30;

    @AttributeDefinition(description = "Whether the broker forgets the session at disconnect")
    boolean clean_session() default true;

    @AttributeDefinition(
        description =
            "Name that the broker's certificate carries where it is not the host; empty for the"
                + " host",
        required = false)
    String tls_server_name() default "";

    @AttributeDefinition(
        description = "HTTP proxy that connects to the broker, host:port; empty for none",
        required = false)
    String proxy() default "";

    @AttributeDefinition(description = "User name for the proxy; empty for none", required = false)
    String proxy_user() default "";

    @AttributeDefinition(
        description = "Name of the proxy's password in the secret store; empty for none",
        required = false)
    String proxy_password_secret() default "";

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

    @AttributeDefinition(description = "Most messages a second; 0 for no limit")
    int rate_messages() default 0;

    @AttributeDefinition(description = "Most bytes a second; 0 for no limit")
    long rate_bytes() default 0;
  }

  /** The form: an uplink's own settings, then those that every uplink has. */
  @ObjectClassDefinition(
      name = "MQTT uplink",
      description = "Sends telemetry to an MQTT 3.1.1 broker")
  public interface Form extends Config, PayloadConfig, TelemetryConfig {}

  /** Called by the service component runtime. */
  @Activate
  public MqttUplinkComponent(
      @Reference TelemetryUplinks uplinks,
      @Reference ProblemBoard board,
      Config config,
      TelemetryConfig telemetry,
      PayloadConfig payload,
      Map<String, Object> properties) {
    this.board = board;
    this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
    this.uplink = open(uplinks, config, telemetry, payload);
  }

  @Deactivate
  void deactivate() {
    if (uplink != null) {
      uplink.close();
    }
    board.report(pid, List.of());
  }

  private @Nullable TelemetryUplink open(
      TelemetryUplinks uplinks, Config config, TelemetryConfig shared, PayloadConfig payload) {
    try {
      TelemetryUplink opened =
          uplinks.open(
              connection(name(pid), config), telemetry(config, shared).with(Payload.of(payload)));
      board.report(pid, List.of());
      return opened;
    } catch (IllegalArgumentException | IllegalStateException e) {
      String message = e.getMessage() + ". The uplink is not started.";
      board.report(pid, List.of(new Problem(Problem.Severity.ERROR, pid, message)));
      return null;
    }
  }

  private static MqttSettings connection(String name, Config config) {
    String clientId = config.client_id().strip();
    return new MqttSettings(
        name,
        config.host().strip(),
        config.port(),
        security(config),
        new ClientSettings(
            clientId.isEmpty() ? "snaprail-" + HostName.get() + "-" + name : clientId,
            new Login(config.user(), config.password_secret().strip()),
            Duration.ofSeconds(config.keep_alive_s()),
            config.clean_session(),
            presence(name, config)),
        proxy(config));
  }

  private static @Nullable TlsSettings security(Config config) {
    String identity = config.identity().strip();
    String serverName = config.tls_server_name().strip();
    if (config.tls()) {
      return new TlsSettings(identity, config.roots().strip(), List.of(), serverName);
    }
    if (!identity.isEmpty() || !serverName.isEmpty()) {
      throw new IllegalArgumentException(
          "tls: expected true beside 'identity' and 'tls.server.name', found 'false'");
    }
    return null;
  }

  private static @Nullable ProxySettings proxy(Config config) {
    String proxy = config.proxy().strip();
    return proxy.isEmpty()
        ? null
        : ProxySettings.of(
            proxy, new Login(config.proxy_user(), config.proxy_password_secret().strip()));
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

  private static TelemetrySettings telemetry(Config config, TelemetryConfig shared) {
    return TelemetrySettings.of(
        shared,
        config.topic(),
        Variables.parse(config.variables()),
        config.rate_messages(),
        config.rate_bytes());
  }

  /** What makes the PID this one's: after {@code ~}, or after the factory PID and a dot. */
  static String name(String pid) {
    int tilde = pid.indexOf('~');
    String name = tilde >= 0 ? pid.substring(tilde + 1) : pid;
    return name.startsWith(PID + ".") ? name.substring(PID.length() + 1) : name;
  }
}
