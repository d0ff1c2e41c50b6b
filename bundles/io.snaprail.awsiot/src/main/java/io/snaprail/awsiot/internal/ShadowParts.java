package io.snaprail.awsiot.internal;

import io.snaprail.api.certificate.CertificateExpiries;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.SampleListener;
import io.snaprail.awsiot.internal.shadow.ActuationSettings;
import io.snaprail.awsiot.internal.shadow.ConfiguredDevices;
import io.snaprail.awsiot.internal.shadow.GatewayShadow;
import io.snaprail.awsiot.internal.shadow.PointShadows;
import io.snaprail.awsiot.internal.shadow.ShadowHub;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.service.cm.ConfigurationAdmin;

/** The shadows of a connector. */
final class ShadowParts implements AutoCloseable {
  private static final long REFRESH_S = 10;
  private static final int QUEUE = 1_024;

  private final Functions.Shadows how;
  private final Connector.Parts parts;
  private final ShadowHub hub;
  private final Random random = new Random();
  private final Deque<Runnable> closers = new ArrayDeque<>();

  /** Starts. */
  ShadowParts(
      AwsSettings settings, Functions.Shadows how, Connector.Parts parts, MqttSession session) {
    this.how = how;
    this.parts = parts;
    Trouble trouble =
        new Trouble(
            parts.board(), "uplink:" + settings.name() + ":shadows", "uplink " + settings.name());
    closers.push(trouble::clear);
    hub =
        new ShadowHub(
            new ShadowHub.Parts(
                settings.name(),
                settings.thing(),
                session,
                parts.folder().resolve("shadows"),
                (shadow, words) ->
                    trouble.note(
                        shadow.isEmpty() ? "classic shadow" : "shadow '" + shadow + "'", words)));
    closers.push(hub::close);
    ScheduledThreadPoolExecutor worker = worker(settings);
    closers.push(worker::shutdownNow);
    if (how.mode() != Functions.Shadows.Mode.NONE) {
      points(settings, worker);
    }
    if (how.gateway()) {
      gateway(worker);
    }
  }

  private static ScheduledThreadPoolExecutor worker(AwsSettings settings) {
    return new ScheduledThreadPoolExecutor(
        1,
        task -> {
          Thread thread = new Thread(task, "snaprail-awsiot-" + settings.name() + "-gateway");
          thread.setDaemon(true);
          return thread;
        });
  }

  private void points(AwsSettings settings, ScheduledThreadPoolExecutor worker) {
    PointShadows points =
        new PointShadows(
            hub,
            new PointShadows.Layout(
                how.mode() == Functions.Shadows.Mode.DEVICE,
                how.report(),
                how.write(),
                how.longest()),
            new PointShadows.Parts(
                settings.name(),
                parts.framework().service(Gateway.class),
                parts.framework().service(CommandGate.class),
                parts.clock(),
                random));
    Framework.Registered registered =
        parts
            .framework()
            .register(
                SampleListener.class,
                points,
                Map.of("name", settings.name() + " shadows", SampleListener.QUEUE_CAPACITY, QUEUE));
    closers.push(registered::close);
    worker.scheduleWithFixedDelay(
        () -> hub.execute(points::prune), REFRESH_S, REFRESH_S, TimeUnit.SECONDS);
  }

  private void gateway(ScheduledThreadPoolExecutor worker) {
    GatewayShadow gateway =
        new GatewayShadow(
            hub,
            new GatewayShadow.Parts(
                parts.version(),
                parts.framework().service(Gateway.class),
                parts.framework().service(CertificateExpiries.class),
                new ConfiguredDevices(
                    parts.framework().service(ConfigurationAdmin.class),
                    parts.framework().service(Gateway.class),
                    worker),
                parts.clock()),
            how.gatewayWrite());
    ActuationSettings actuation =
        new ActuationSettings(gateway, hub::execute, parts.clock(), how.longest(), random);
    hub.execute(() -> hub.open(GatewayShadow.NAME, actuation));
    worker.scheduleWithFixedDelay(
        () -> hub.execute(gateway::refresh), 0, REFRESH_S, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
  }
}
