package io.snaprail.localiot.internal.pages;

import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.console.ConsolePage;
import io.snaprail.api.security.Role;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The endpoint in the console. One thread, {@code snaprail-localiot-pages}, is that of the clients
 * that live inside the endpoint, and answers pages that wait for news.
 */
public final class EndpointPages implements ConsoleExtension, AutoCloseable {
  private static final long SWEEP_S = 20;

  private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, threads());
  private final ClientCalls clients;
  private final List<ConsoleCall> calls;

  /** Starts its thread; {@link #close} ends it. */
  public EndpointPages(PartsSource parts, Clock clock) {
    thread.setRemoveOnCancelPolicy(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    Waiters waiters = new Waiters(thread);
    clients = new ClientCalls(parts, thread, waiters, clock);
    calls =
        Stream.of(
                new ThingCalls(parts).calls(),
                new CertificateCalls(parts).calls(),
                new PolicyCalls(parts).calls(),
                new ShadowCalls(parts, thread, waiters, clock).calls(),
                new JobCalls(parts).calls(),
                clients.calls())
            .flatMap(List::stream)
            .toList();
    thread.scheduleWithFixedDelay(clients::sweep, SWEEP_S, SWEEP_S, TimeUnit.SECONDS);
  }

  @Override
  public String name() {
    return "localiot";
  }

  @Override
  public String title() {
    return "Local endpoint";
  }

  @Override
  public List<ConsolePage> pages() {
    return List.of(
        new ConsolePage("things", "Things", Role.VIEWER, "things.html"),
        new ConsolePage("certificates", "Device certificates", Role.VIEWER, "certificates.html"),
        new ConsolePage("policies", "Policies", Role.VIEWER, "policies.html"),
        new ConsolePage("shadows", "Shadows", Role.VIEWER, "shadows.html"),
        new ConsolePage("jobs", "Jobs", Role.VIEWER, "jobs.html"),
        new ConsolePage("provisioning", "Provisioning", Role.VIEWER, "provisioning.html"),
        new ConsolePage("rules", "Rules", Role.VIEWER, "rules.html"),
        new ConsolePage("client", "MQTT test client", Role.VIEWER, "client.html"));
  }

  @Override
  public List<ConsoleCall> calls() {
    return calls;
  }

  /** Ends the clients of pages and the thread. */
  @Override
  public void close() {
    // On their own thread, as everything that clients do; whoever waits is told by the console.
    if (!thread.isShutdown()) {
      thread.execute(clients::closeAll);
      thread.shutdown();
    }
  }

  private static java.util.concurrent.ThreadFactory threads() {
    return task -> {
      Thread thread = new Thread(task, "snaprail-localiot-pages");
      thread.setDaemon(true);
      return thread;
    };
  }
}
