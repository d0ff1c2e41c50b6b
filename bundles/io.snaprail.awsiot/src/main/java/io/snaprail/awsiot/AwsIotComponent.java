package io.snaprail.awsiot;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TelemetryUplinks;
import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.UplinkSpool;
import io.snaprail.awsiot.internal.AwsEndpoint;
import io.snaprail.awsiot.internal.AwsSettings;
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
 * A connector to AWS IoT Core, or to anything that behaves like it. Telemetry is the pipeline's
 * work; what AWS adds stands beside it and uses its session.
 *
 * <p>Settings that are wrong are told on the problem board under the PID; the connector is then not
 * there until they are mended, and nothing else is touched.
 */
@Component(
    name = AwsIotComponent.PID,
    service = {},
    immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AwsIotComponent.Config.class, factory = true)
public final class AwsIotComponent {
  /** The factory PID; what follows {@code ~} in a configuration's name is the uplink's name. */
  public static final String PID = "io.snaprail.awsiot";

  private final ProblemBoard board;
  private final String pid;
  private final @Nullable TelemetryUplink uplink;

  /** Settings of a connector. */
  @ObjectClassDefinition(
      name = "AWS IoT uplink",
      description = "Sends telemetry to AWS IoT Core, or to the local endpoint")
  public @interface Config {
    @AttributeDefinition(
        description = "Host, or host:port; in AWS's console under Settings, Device data endpoint")
    String endpoint() default "";

    @AttributeDefinition(description = "Port: 8883, or 443 where only HTTPS gets out")
    int port() default 8883;

    @AttributeDefinition(description = "Name of the thing that this gateway is")
    String thing() default "";

    @AttributeDefinition(description = "MQTT client id; empty for the thing", required = false)
    String client_id() default "";

    @AttributeDefinition(description = "Identity in the certificate store")
    String identity() default "";

    @AttributeDefinition(
        description =
            "Set of trusted roots in the certificate store; empty for the JDK's, which hold"
                + " Amazon's",
        required = false)
    String roots() default "";

    @AttributeDefinition(
        description = "Topic; {{thing}}, {{device}}, {{iccid}} and variables are filled in")
    String topic() default "snaprail/{{thing}}/{{device}}";

    @AttributeDefinition(
        description = "ICCID of the SIM card, for {{iccid}} in the topic",
        required = false)
    String iccid() default "";

    @AttributeDefinition(description = "Variables for the topic, name=value", required = false)
    String[] variables() default {};

    @AttributeDefinition(
        description = "Devices to send, with * and ?; none for all",
        required = false)
    String[] devices() default {};

    @AttributeDefinition(description = "Keep-alive in seconds, 30..1200")
    int keep_alive_s() default 60;

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
  }

  /** Called by the service component runtime. */
  @Activate
  public AwsIotComponent(
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
      AwsSettings settings = settings(name(pid), config);
      TelemetryUplink opened =
          uplinks.open(
              settings.connection(),
              settings.telemetry(
                  config.topic().strip(),
                  List.of(config.variables()),
                  config.iccid().strip(),
                  List.of(config.devices()),
                  spool(config)));
      board.report(pid, List.of());
      return opened;
    } catch (IllegalArgumentException | IllegalStateException e) {
      String message = e.getMessage() + ". The uplink is not started.";
      board.report(pid, List.of(new Problem(Problem.Severity.ERROR, pid, message)));
      return null;
    }
  }

  private static AwsSettings settings(String name, Config config) {
    String thing = config.thing().strip();
    String clientId = config.client_id().strip();
    return new AwsSettings(
        name,
        AwsEndpoint.parse(config.endpoint(), config.port()),
        thing,
        clientId.isEmpty() ? thing : clientId,
        config.identity().strip(),
        config.roots().strip(),
        config.keep_alive_s());
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
