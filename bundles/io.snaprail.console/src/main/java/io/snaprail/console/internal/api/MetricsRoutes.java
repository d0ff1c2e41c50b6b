package io.snaprail.console.internal.api;

import io.snaprail.api.health.MetricSource;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /metrics}: the figures of every bundle and of the process, for Prometheus. */
public final class MetricsRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsRoutes.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Services services;
  private final Clock clock;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  /** With the sources to ask. */
  public MetricsRoutes(Services services, Clock clock) {
    this.services = services;
    this.clock = clock;
  }

  /** Adds the route. */
  public void addTo(Router router) {
    router.add("GET", "/metrics", Role.VIEWER, this::metrics);
  }

  private Reply metrics(ApiRequest request) throws Refusal {
    try {
      if (oneAtATime.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          return new Reply.Text(MetricsText.TYPE, collect());
        } finally {
          oneAtATime.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new Refusal(
        503,
        "busy",
        "The metrics are being collected for someone else. Try again in a moment.",
        Map.of("Retry-After", "5"));
  }

  private String collect() {
    MetricsText text = new MetricsText();
    int failed = 0;
    for (MetricSource source : services.metrics()) {
      try {
        source.collect(text);
      } catch (RuntimeException e) { // one bad source must not hide the others
        failed++;
        LOG.debug("A source of metrics failed: {}", source.getClass().getName(), e);
      }
    }
    text.gauge(
        "snaprail_metric_sources_failed", "Sources of metrics that failed just now.", failed);
    process(text);
    return text.text();
  }

  private void process(MetricSource.Collector text) {
    text.gauge(
        "snaprail_build_info", "Version of the distribution.", 1, "version", services.version());
    text.gauge(
        "process_start_time_seconds",
        "Start of the process, seconds since 1970.",
        services.startedAt().toEpochMilli() / 1000.0);
    text.gauge(
        "snaprail_uptime_seconds",
        "Time since the start of the process.",
        Duration.between(services.startedAt(), clock.instant()).toMillis() / 1000.0);
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    text.gauge("jvm_memory_used_bytes", "Memory in use.", (double) heap.getUsed(), "area", "heap");
    text.gauge(
        "jvm_memory_max_bytes",
        "Most memory there may be.",
        (double) heap.getMax(),
        "area",
        "heap");
    text.gauge(
        "jvm_threads_current",
        "Threads that live.",
        ManagementFactory.getThreadMXBean().getThreadCount());
    text.gauge(
        "jvm_classes_currently_loaded",
        "Classes that are loaded.",
        ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
  }
}
