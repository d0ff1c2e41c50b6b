package io.snaprail.sparkplug;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.PointFilter;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.BrokerConfig;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TelemetryUplinks;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.sparkplug.internal.BirthDeathSequence;
import io.snaprail.sparkplug.internal.CommandParts;
import io.snaprail.sparkplug.internal.EdgeNode;
import io.snaprail.sparkplug.internal.Names;
import io.snaprail.sparkplug.internal.Node;
import io.snaprail.sparkplug.internal.PrimaryHost;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
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
import org.osgi.util.tracker.ServiceTracker;

/**
 * An edge node of Sparkplug B 3.0. Connection, spool and rates are the pipeline's work; what is
 * said in which order is the node's.
 *
 * <p>Settings that are wrong are told on the problem board under the PID; the node is then not
 * there until they are mended, and nothing else is touched.
 */
@Capability(namespace = Uplink.NAMESPACE, name = SparkplugComponent.PID)
@Component(
    name = SparkplugComponent.PID,
    service = {},
    immediate = true,
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SparkplugForm.class, factory = true)
public final class SparkplugComponent {
  /** The factory PID; what follows {@code ~} in a configuration's name is the uplink's name. */
  public static final String PID = "io.snaprail.sparkplug";

  private final BundleContext context;
  private final ProblemBoard board;
  private final String pid;
  private final String name;
  private final List<ServiceTracker<?, ?>> trackers = new CopyOnWriteArrayList<>();
  private final @Nullable TelemetryUplink uplink;
  // Set once, when there is an uplink to connect anew.
  private volatile @Nullable TelemetryUplink open;

  /** Called by the service component runtime. */
  @Activate
  public SparkplugComponent(
      BundleContext context,
      @Reference TelemetryUplinks uplinks,
      @Reference ProblemBoard board,
      SparkplugConfig config,
      BrokerConfig broker,
      TelemetryConfig telemetry,
      Map<String, Object> properties) {
    this.context = context;
    this.board = board;
    this.pid = String.valueOf(properties.get(Constants.SERVICE_PID));
    this.name = name(pid);
    this.uplink = start(uplinks, config, broker, telemetry);
  }

  @Deactivate
  void deactivate() {
    if (uplink != null) {
      uplink.close();
    }
    trackers.forEach(ServiceTracker::close);
    board.report(pid, List.of());
    board.report(source(), List.of());
  }

  private @Nullable TelemetryUplink start(
      TelemetryUplinks uplinks,
      SparkplugConfig config,
      BrokerConfig broker,
      TelemetryConfig telemetry) {
    try {
      Names names = SettingsReader.names(config);
      Node node = node(names, config, telemetry);
      TelemetryUplink opened =
          uplinks.open(
              SettingsReader.connection(name, config, broker, node.presence()),
              SettingsReader.telemetry(broker, telemetry, names),
              node.encoding());
      open = opened;
      opened.session().subscribe(node.filters(), node);
      board.report(pid, List.of());
      return opened;
    } catch (IllegalArgumentException | IllegalStateException e) {
      String message = e.getMessage() + ". The uplink is not started.";
      board.report(pid, List.of(new Problem(Problem.Severity.ERROR, pid, message)));
      return null;
    }
  }

  private Node node(Names names, SparkplugConfig config, TelemetryConfig telemetry) {
    String folder = context.getProperty(RuntimeProperties.DATA_DIR);
    Path file = Path.of(folder == null ? "data" : folder, "sparkplug", name, "bdseq");
    EdgeNode.Parts parts =
        new EdgeNode.Parts(
            names,
            service(Gateway.class),
            PointFilter.parse("devices", List.of(telemetry.devices())),
            PointFilter.parse("commands.write", List.of(config.commands_write())),
            new PrimaryHost(SettingsReader.primaryHost(config), System::nanoTime, ear()),
            new BirthDeathSequence(file),
            Clock.systemUTC(),
            System::nanoTime);
    return new Node(
        name,
        parts,
        new CommandParts(
            service(CommandGate.class),
            service(AuditLog.class),
            Duration.ofSeconds(config.commands_max_age_s())));
  }

  private PrimaryHost.Ear ear() {
    return new PrimaryHost.Ear() {
      @Override
      public void gone() {
        TelemetryUplink now = open;
        if (now != null) {
          // 5.7.3: the node says that it dies, and goes.
          now.reconnect("the primary host has gone offline");
        }
      }

      @Override
      public void problem(String words) {
        board.report(
            source(),
            words.isEmpty()
                ? List.of()
                : List.of(new Problem(Problem.Severity.WARNING, "uplink " + name, words)));
      }
    };
  }

  private String source() {
    return "uplink:" + name + ":sparkplug";
  }

  private <T> Supplier<@Nullable T> service(Class<T> type) {
    ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
    tracker.open();
    trackers.add(tracker);
    return tracker::getService;
  }

  /** What makes the PID this one's: after {@code ~}, or after the factory PID and a dot. */
  static String name(String pid) {
    int tilde = pid.indexOf('~');
    String name = tilde >= 0 ? pid.substring(tilde + 1) : pid;
    return name.startsWith(PID + ".") ? name.substring(PID.length() + 1) : name;
  }
}
