package io.snaprail.awsiot.internal;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.certificate.CertificateIssuer;
import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.deploy.Deployment;
import io.snaprail.api.deploy.SupportBundles;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.MqttConnections;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.awsiot.internal.command.BackChannel;
import io.snaprail.awsiot.internal.command.Operations;
import io.snaprail.awsiot.internal.command.RawAccess;
import io.snaprail.awsiot.internal.command.Remembered;
import io.snaprail.awsiot.internal.jobs.ApplyConfiguration;
import io.snaprail.awsiot.internal.jobs.DeployBundle;
import io.snaprail.awsiot.internal.jobs.JobFailedException;
import io.snaprail.awsiot.internal.jobs.JobOperation;
import io.snaprail.awsiot.internal.jobs.JobWorker;
import io.snaprail.awsiot.internal.jobs.RotateCertificate;
import io.snaprail.awsiot.internal.jobs.SupportBundle;
import io.snaprail.awsiot.internal.provisioning.FleetIssuer;
import io.snaprail.awsiot.internal.provisioning.Provisioning;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * One connector: gets its certificate first where it has none, then sends telemetry and does what
 * else it is configured to do, all over one connection.
 */
public final class Connector implements AutoCloseable {
  private final AwsSettings settings;
  private final Functions functions;
  private final Parts parts;
  private final Deque<Runnable> closers = new ArrayDeque<>();
  private boolean closed;

  /**
   * What it works with.
   *
   * @param pid for the problem board
   * @param uplink starts telemetry
   * @param topics names for topics and their values
   * @param framework services of others
   * @param folder for what it keeps
   * @param version of the distribution
   */
  public record Parts(
      String pid,
      Function<AwsSettings, TelemetryUplink> uplink,
      Function<AwsSettings, Map<String, String>> topics,
      ProblemBoard board,
      Framework framework,
      Path folder,
      String version,
      Clock clock) {}

  /**
   * Starts.
   *
   * @throws IllegalArgumentException when a setting is wrong; the message names key, expected and
   *     found
   */
  public Connector(AwsSettings settings, Functions functions, Parts parts) {
    this.settings = settings;
    this.functions = functions;
    this.parts = parts;
    if (functions.provisioning().byClaim()) {
      provision();
    } else {
      open(settings);
    }
  }

  private synchronized void provision() {
    Functions.Provisioning how = functions.provisioning();
    KeyRequest key =
        new KeyRequest(how.keyType(), "CN=" + settings.clientId(), List.of(), "", how.token());
    Provisioning provisioning =
        new Provisioning(
            new Provisioning.Plan(
                settings.claimConnection(how.claim()),
                settings.identity(),
                how.template(),
                how.parameters(),
                key),
            new Provisioning.Parts(
                parts.framework().service(MqttConnections.class),
                parts.framework().service(CertificateStore.class),
                parts.board(),
                parts.folder().resolve("provisioning.json"),
                this::provisioned));
    closers.push(provisioning::close);
  }

  // Where a task begins: by the thread of provisioning.
  private void provisioned(String thing) {
    try {
      open(thing.isEmpty() ? settings : settings.withThing(thing));
    } catch (IllegalArgumentException | IllegalStateException e) {
      parts
          .board()
          .report(
              parts.pid(),
              List.of(
                  new Problem(
                      Problem.Severity.ERROR,
                      parts.pid(),
                      e.getMessage() + ". The uplink is not started.")));
    }
  }

  private synchronized void open(AwsSettings real) {
    if (closed) {
      return;
    }
    Map<String, String> names = parts.topics().apply(real);
    String request = topic("commands.request.topic", functions.commands().request(), names);
    String answer = topic("commands.answer.topic", functions.commands().answer(), names);
    TelemetryUplink uplink = parts.uplink().apply(real);
    closers.push(uplink::close);
    MqttSession session = uplink.session();
    issuer(real, session);
    jobs(real, session);
    if (functions.shadows().any()) {
      ShadowParts shadows = new ShadowParts(real, functions.shadows(), parts, session);
      closers.push(shadows::close);
    }
    if (!request.isEmpty()) {
      commands(real, session, new BackChannel.Topics(request, answer));
    }
  }

  private void commands(AwsSettings real, MqttSession session, BackChannel.Topics topics) {
    String source = "uplink:" + real.name() + ":commands";
    Remembered remembered;
    try {
      remembered = Remembered.read(parts.folder().resolve("commands.json"));
    } catch (IOException e) {
      String words = "The back channel is not open: " + e.getMessage();
      parts
          .board()
          .report(
              source, List.of(new Problem(Problem.Severity.ERROR, "uplink " + real.name(), words)));
      closers.push(() -> parts.board().report(source, List.of()));
      return;
    }
    ScheduledThreadPoolExecutor lane =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "snaprail-awsiot-" + real.name() + "-commands");
              thread.setDaemon(true);
              return thread;
            });
    closers.push(lane::shutdownNow);
    RawAccess raw =
        new RawAccess(
            real.name(),
            new RawAccess.Parts(
                parts.framework().service(Gateway.class),
                parts.framework().service(Commissioning.class),
                parts.framework().service(ConfigurationAdmin.class),
                lane));
    Operations operations =
        new Operations(
            real.name(),
            new Operations.Allowed(functions.commands().write(), functions.commands().raw()),
            new Operations.Parts(
                parts.framework().service(Gateway.class),
                parts.framework().service(CommandGate.class),
                raw,
                parts.clock()));
    BackChannel channel = new BackChannel(session, topics, operations, remembered, lane);
    closers.push(channel::close);
  }

  private static String topic(String key, String template, Map<String, String> names) {
    return template.isEmpty() ? "" : AwsTopic.fill(key, template, names);
  }

  private void issuer(AwsSettings real, MqttSession session) {
    Functions.Provisioning how = functions.provisioning();
    if (!how.template().isEmpty()) {
      FleetIssuer issuer = new FleetIssuer(real.name(), session, how.template(), how.parameters());
      Framework.Registered registered =
          parts
              .framework()
              .register(
                  CertificateIssuer.class, issuer, Map.of(CertificateIssuer.NAME, real.name()));
      closers.push(issuer::close);
      closers.push(registered::close);
    }
  }

  private void jobs(AwsSettings real, MqttSession session) {
    if (functions.jobs().isEmpty()) {
      return;
    }
    Map<String, JobOperation> operations = new HashMap<>();
    String issuer = functions.provisioning().template().isEmpty() ? "" : real.name();
    operations.put(
        RotateCertificate.NAME,
        new RotateCertificate(
            parts.framework().service(CertificateRotations.class), real.identity(), issuer));
    operations.put(
        ApplyConfiguration.NAME,
        new ApplyConfiguration(
            parts.framework().service(ConfigurationAdmin.class), parts.board(), parts.pid()));
    DeployBundle.NAMES.forEach(
        (name, action) ->
            operations.put(
                name,
                new DeployBundle(
                    parts.framework().service(Deployment.class), action, real.name())));
    operations.put(
        SupportBundle.NAME, new SupportBundle(parts.framework().service(SupportBundles.class)));
    operations.keySet().retainAll(functions.jobs());
    JobWorker worker = new JobWorker(real.name(), session, real.thing(), operations, audit(real));
    closers.push(worker::close);
  }

  private JobWorker.Audit audit(AwsSettings real) {
    java.util.function.Supplier<@Nullable AuditLog> log = parts.framework().service(AuditLog.class);
    return (id, operation, outcome, words) -> {
      AuditLog now = log.get();
      if (now == null) {
        throw new JobFailedException("the audit log is not there, so nothing is done");
      }
      try {
        now.record(
            new AuditEvent(
                AuditEvent.Action.JOB,
                real.name(),
                "job",
                id,
                outcome,
                Map.of("operation", operation, "message", words)));
      } catch (AuditUnavailableException e) {
        throw new JobFailedException(
            "the audit log cannot be written, so nothing is done: " + e.getMessage());
      }
    };
  }

  @Override
  public void close() {
    Deque<Runnable> ends;
    synchronized (this) {
      closed = true;
      ends = new ArrayDeque<>(closers);
      closers.clear();
    }
    ends.forEach(Runnable::run);
  }
}
