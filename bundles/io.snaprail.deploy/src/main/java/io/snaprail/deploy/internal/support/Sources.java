package io.snaprail.deploy.internal.support;

import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.BusStatus;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.deploy.internal.Services;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a support bundle tells of the running gateway, each as a text. */
final class Sources {
  private static final Logger LOG = LoggerFactory.getLogger(Sources.class);
  private static final List<String> PROPERTIES =
      List.of(
          "java.version",
          "java.vendor",
          "java.vm.name",
          "os.name",
          "os.arch",
          "os.version",
          "file.encoding",
          "user.timezone");

  private final BundleContext context;
  private final String version;
  private final Clock clock;
  private final Supplier<@Nullable ProblemBoard> board;
  private final Supplier<@Nullable Gateway> gateway;
  private final Supplier<Stream<MetricSource>> metrics;

  Sources(BundleContext context, String version, Services services, Clock clock) {
    this.context = context;
    this.version = version;
    this.clock = clock;
    this.board = services.one(ProblemBoard.class);
    this.gateway = services.one(Gateway.class);
    this.metrics = services.all(MetricSource.class);
  }

  String summary() {
    StringBuilder text = new StringBuilder();
    line(text, "Snaprail", version);
    line(text, "collected", clock.instant());
    long up = ManagementFactory.getRuntimeMXBean().getUptime();
    line(text, "up for", Duration.ofMillis(up));
    for (String name : PROPERTIES) {
      line(text, name, System.getProperty(name));
    }
    line(text, "processors", Runtime.getRuntime().availableProcessors());
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    line(text, "heap", heap.getUsed() + " of " + heap.getMax() + " bytes");
    Gateway now = gateway.get();
    if (now != null) {
      line(text, "started", now.startedAt());
      line(text, "points", now.points().size());
      text.append("\nBuses\n");
      for (BusStatus bus : now.buses()) {
        text.append(bus).append('\n');
      }
      text.append("\nDevices\n");
      for (DeviceStatus device : now.devices()) {
        text.append(device).append('\n');
      }
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String name, @Nullable Object value) {
    text.append(name).append(": ").append(value).append('\n');
  }

  String problems() {
    ProblemBoard now = board.get();
    StringBuilder text = new StringBuilder();
    if (now != null) {
      for (ProblemBoard.Entry one : now.problems()) {
        text.append(
            "%s %s %s (%s): %s%n"
                .formatted(
                    one.since(),
                    one.problem().severity(),
                    one.problem().subject(),
                    one.source(),
                    one.problem().message()));
      }
    }
    return text.isEmpty() ? "none\n" : text.toString();
  }

  String bundles() {
    StringBuilder text = new StringBuilder();
    for (Bundle one : context.getBundles()) {
      text.append(
          "%4d %-9s %s %s %s%n"
              .formatted(
                  one.getBundleId(),
                  state(one),
                  one.getSymbolicName(),
                  one.getVersion(),
                  one.getLocation()));
    }
    return text.toString();
  }

  private static String state(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.ACTIVE -> "active";
      case Bundle.RESOLVED -> "resolved";
      case Bundle.INSTALLED -> "installed";
      default -> "state " + bundle.getState();
    };
  }

  // Where a task begins: what a bundle does not tell must not keep the others from telling.
  String metrics() {
    StringBuilder text = new StringBuilder();
    Figures figures = new Figures(text);
    metrics
        .get()
        .forEach(
            source -> {
              try {
                source.collect(figures);
              } catch (RuntimeException e) {
                LOG.warn("metrics of {} are left out", source.getClass().getName(), e);
              }
            });
    return text.toString();
  }

  /** A line each. */
  private record Figures(StringBuilder text) implements MetricSource.Collector {
    @Override
    public void counter(String name, String help, double value, String... labels) {
      gauge(name, help, value, labels);
    }

    @Override
    public void gauge(String name, String help, double value, String... labels) {
      text.append(name);
      for (int i = 0; i + 1 < labels.length; i += 2) {
        text.append(i == 0 ? '{' : ',')
            .append(labels[i])
            .append("=\"")
            .append(labels[i + 1])
            .append('"');
      }
      text.append(labels.length > 1 ? "} " : " ")
          .append(String.format(Locale.ROOT, "%s", value))
          .append('\n');
    }
  }

  String threads() {
    StringBuilder text = new StringBuilder();
    for (ThreadInfo one : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
      text.append(one);
    }
    return text.toString();
  }
}
