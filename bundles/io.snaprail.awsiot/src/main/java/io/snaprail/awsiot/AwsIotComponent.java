package io.snaprail.awsiot;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.PayloadConfig;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.mqtt.TelemetryUplinks;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.awsiot.internal.AwsSettings;
import io.snaprail.awsiot.internal.Connector;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.bundle.Capability;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * A connector to AWS IoT Core, or to anything that behaves like it. Telemetry is the pipeline's
 * work; what AWS adds stands beside it and uses its session.
 *
 * <p>Settings that are wrong are told on the problem board under the PID; the connector is then not
 * there until they are mended, and nothing else is touched.
 */
@Capability(namespace = Uplink.NAMESPACE, name = AwsIotComponent.PID)
@Component(
    name = AwsIotComponent.PID,
    service = {},
    immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = AwsIotForm.class, factory = true)
public final class AwsIotComponent {
  /** The factory PID; what follows {@code ~} in a configuration's name is the uplink's name. */
  public static final String PID = "io.snaprail.awsiot";

  private final ProblemBoard board;
  private final String pid;
  private final OsgiFramework framework;
  private final @Nullable Connector connector;

  /** Called by the service component runtime. */
  @Activate
  public AwsIotComponent(
      BundleContext context,
      @Reference TelemetryUplinks uplinks,
      @Reference ProblemBoard board,
      AwsIotConfig config,
      TelemetryConfig telemetry,
      PayloadConfig payload,
      Map<String, Object> properties) {
    this.board = board;
    this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
    this.framework = new OsgiFramework(context);
    this.connector = start(uplinks, config, telemetry, payload);
  }

  @Deactivate
  void deactivate() {
    if (connector != null) {
      connector.close();
    }
    framework.close();
    board.report(pid, List.of());
  }

  private @Nullable Connector start(
      TelemetryUplinks uplinks,
      AwsIotConfig config,
      TelemetryConfig telemetry,
      PayloadConfig payload) {
    Path folder =
        Path.of(framework.property(RuntimeProperties.DATA_DIR, "data"), "awsiot", name(pid));
    try {
      AwsSettings settings = ConfigReader.settings(name(pid), config);
      List<String> variables = List.of(config.variables());
      String iccid = config.iccid().strip();
      Connector.Parts parts =
          new Connector.Parts(
              pid,
              real ->
                  uplinks.open(
                      ConfigReader.connection(config, real, real.names(variables, iccid)),
                      ConfigReader.telemetry(config, telemetry, real.names(variables, iccid))
                          .with(Payload.of(payload))),
              real -> real.names(variables, iccid),
              board,
              framework,
              folder,
              framework.property(RuntimeProperties.VERSION, ""),
              Clock.systemUTC());
      board.report(pid, List.of());
      return new Connector(settings, ConfigReader.functions(config), parts);
    } catch (IllegalArgumentException | IllegalStateException e) {
      String message = e.getMessage() + ". The uplink is not started.";
      board.report(pid, List.of(new Problem(Problem.Severity.ERROR, pid, message)));
      return null;
    }
  }

  /** What makes the PID this one's: after {@code ~}, or after the factory PID and a dot. */
  static String name(String pid) {
    int tilde = pid.indexOf('~');
    String name = tilde >= 0 ? pid.substring(tilde + 1) : pid;
    return name.startsWith(PID + ".") ? name.substring(PID.length() + 1) : name;
  }
}
