package io.snaprail.mqtt;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.Delivery;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Selection;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TelemetryUplinks;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.UplinkSpool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
@Component(
    name = MqttUplinkComponent.PID,
    service = {},
    immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = MqttUplinkComponent.Config.class, factory = true)
public final class MqttUplinkComponent {
  /** The factory PID; what follows {@code ~} in a configuration's name is the uplink's name. */
  public static final String PID = "io.snaprail.mqtt";

  private final ProblemBoard board;
  private final String pid;
  private final @Nullable TelemetryUplink uplink;

  /** Settings of an uplink. */
  @ObjectClassDefinition(
      name = "MQTT uplink",
      description = "Sends telemetry to an MQTT 3.1.1 broker")
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
        description = "Topic; {{device}}, {{gateway}}, {{uplink}} and variables are filled in")
    String topic() default "snaprail/{{gateway}}/{{device}}";

    @AttributeDefinition(description = "Variables for the topic, name=value", required = false)
    String[] variables() default {};

    @AttributeDefinition(
        description = "Devices to send, with * and ?; none for all",
        required = false)
    String[] devices() default {};

    @AttributeDefinition(
        description = "Bytes that may wait for the broker in each lane, 65536 or more")
    long spool_bytes() default UplinkSpool.BYTES;

    @AttributeDefinition(description = "Hours after which what waits is given up; 0 for never")
    int spool_age_h() default UplinkSpool.AGE_HOURS;

    @AttributeDefinition(description = "Bytes of the disk that are left free, 0 or more")
    long spool_free_disk_bytes() default UplinkSpool.FREE_DISK_BYTES;

    @AttributeDefinition(description = "What a full spool does: drop-oldest or refuse-newest")
    String spool_full() default UplinkSpool.FULL;

    @AttributeDefinition(
        description =
            "What outlives a restart: memory for nothing, spill for what waits while the broker is"
                + " away, always for all that waits longer than a second")
    String spool_durability() default UplinkSpool.DURABILITY;

    @AttributeDefinition(
        description = "Bytes that each lane may hold in memory while the disk fails, 65536 or more")
    long spool_memory_bytes() default SpoolSettings.DEFAULT_MEMORY_BYTES;

    @AttributeDefinition(
        description = "What is sent: every for all values of each cycle, changes for what changed")
    String send() default "every";

    @AttributeDefinition(description = "With changes: numbers change by more than this, 0 or more")
    double send_deadband() default 0;

    @AttributeDefinition(
        description = "With changes: seconds after which all values are sent again; 0 for never")
    int send_refresh_s() default 600;

    @AttributeDefinition(
        description =
            "After an outage: after for what is new first and the backlog beside it, in-order for"
                + " everything as it came")
    String backlog() default Delivery.AFTER;

    @AttributeDefinition(
        description = "Per cent of the messages for the backlog while something is new, 1..100")
    int backlog_share() default Delivery.SHARE;

    @AttributeDefinition(description = "Most messages a second; 0 for no limit")
    int rate_messages() default 0;

    @AttributeDefinition(description = "Most bytes a second; 0 for no limit")
    long rate_bytes() default 0;

    @AttributeDefinition(description = "Compress payloads with gzip")
    boolean gzip() default false;
  }

  /** Called by the service component runtime. */
  @Activate
  public MqttUplinkComponent(
      @Reference TelemetryUplinks uplinks,
      @Reference ProblemBoard board,
      Config config,
      Map<String, Object> properties) {
    this.board = board;
    this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
    this.uplink = open(uplinks, config);
  }

  @Deactivate
  void deactivate() {
    if (uplink != null) {
      uplink.close();
    }
    board.report(pid, List.of());
  }

  private @Nullable TelemetryUplink open(TelemetryUplinks uplinks, Config config) {
    try {
      TelemetryUplink opened = uplinks.open(connection(name(pid), config), telemetry(config));
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
        config.tls(),
        config.identity().strip(),
        config.roots().strip(),
        List.of(),
        clientId.isEmpty() ? "snaprail-" + HostName.get() + "-" + name : clientId,
        config.user(),
        config.password_secret().strip(),
        Duration.ofSeconds(config.keep_alive_s()),
        config.clean_session());
  }

  private static TelemetrySettings telemetry(Config config) {
    return new TelemetrySettings(
        config.topic().strip(),
        Variables.parse(config.variables()),
        List.of(config.devices()),
        selection(config),
        spool(config),
        delivery(config));
  }

  private static Selection selection(Config config) {
    return Selection.of(config.send().strip(), config.send_deadband(), config.send_refresh_s());
  }

  private static Delivery delivery(Config config) {
    return new Delivery(
        config.backlog().strip(),
        config.backlog_share(),
        config.rate_messages(),
        config.rate_bytes(),
        config.gzip());
  }

  private static SpoolSettings spool(Config config) {
    return new UplinkSpool(
            config.spool_bytes(),
            config.spool_age_h(),
            config.spool_free_disk_bytes(),
            config.spool_full().strip(),
            config.spool_durability().strip(),
            config.spool_memory_bytes())
        .settings();
  }

  /** What makes the PID this one's: after {@code ~}, or after the factory PID and a dot. */
  static String name(String pid) {
    int tilde = pid.indexOf('~');
    String name = tilde >= 0 ? pid.substring(tilde + 1) : pid;
    return name.startsWith(PID + ".") ? name.substring(PID.length() + 1) : name;
  }
}
