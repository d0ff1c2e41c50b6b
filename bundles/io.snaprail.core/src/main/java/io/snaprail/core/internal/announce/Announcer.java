package io.snaprail.core.internal.announce;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.security.Accounts;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.api.uplink.UplinkStatus;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the person who started the gateway where the console is, how to claim it and when the first
 * value has arrived in the cloud. On standard output and not in the log: the claim token must not
 * be in a file that people copy. Outside the demo only the token's file is named, as standard
 * output may be kept too.
 */
@Component(
    service = {},
    immediate = true)
public final class Announcer {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

  /** Service property that holds the address of the console once it answers. */
  static final String CONSOLE_URL = "console.url";

  /** Name of the console's identity in the certificate store. */
  private static final String CONSOLE_IDENTITY = "console";

  private static final long LOOK_MS = 50;

  /** Whoever has seen nothing by then is better served by the problems in the log. */
  private static final long GIVE_UP_SECONDS = 600;

  private final BundleContext context;
  private final Gateway gateway;
  private final Accounts accounts;
  private final CertificateStore certificates;
  private final boolean demo;
  private final PrintStream out;
  private final ScheduledExecutorService timer;
  // Not by the wall clock: a gateway's jumps when it first hears of the time.
  private final long lookUntilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(GIVE_UP_SECONDS);
  private boolean consoleSaid;
  private boolean claimSaid;
  private boolean valueSaid;

  /** Begins to look out for what there is to say. */
  @Activate
  public Announcer(
      BundleContext context,
      @Reference Gateway gateway,
      @Reference Accounts accounts,
      @Reference CertificateStore certificates) {
    this.context = context;
    this.certificates = certificates;
    this.gateway = gateway;
    this.accounts = accounts;
    this.demo = Boolean.parseBoolean(context.getProperty("snaprail.demo"));
    this.out = System.out;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "snaprail-announcer");
              thread.setDaemon(true);
              return thread;
            });
    timer.scheduleWithFixedDelay(this::look, 0, LOOK_MS, TimeUnit.MILLISECONDS);
  }

  @Deactivate
  void stop() {
    timer.shutdownNow();
  }

  private void look() {
    try {
      if (!consoleSaid) {
        sayConsole();
      } else if (!claimSaid) {
        sayClaim();
      }
      if (!valueSaid) {
        sayFirstValue();
      }
      if ((claimSaid && valueSaid) || System.nanoTime() - lookUntilNanos > 0) {
        timer.shutdown();
      }
    } catch (RuntimeException | IOException e) {
      LOG.warn("Cannot announce: {}", e.toString());
      timer.shutdown();
    }
  }

  private void sayConsole() {
    ServiceReference<?> console = find("(" + CONSOLE_URL + "=*)");
    if (console != null) {
      say("Console:      " + console.getProperty(CONSOLE_URL) + "   (" + elapsed() + ")");
      consoleSaid = true;
    }
  }

  private void sayClaim() throws IOException {
    if (accounts.claimed()) {
      say("              log in with the account that claimed this gateway");
      claimSaid = true;
      return;
    }
    Path file =
        Path.of(Objects.requireNonNullElse(context.getProperty(RuntimeProperties.DATA_DIR), "."))
            .resolve("claim-token");
    try {
      String token = Files.readString(file).strip();
      sayFingerprint();
      if (demo) {
        say("Claim token:  " + token);
        say("              use it once, on the first visit, to make the administrator");
      } else {
        say("Claim token:  in " + file + "; use it on the first visit");
      }
      claimSaid = true;
    } catch (NoSuchFileException e) {
      LOG.trace("No claim token yet", e);
    }
  }

  /** So that the first visitor can tell this gateway from one in between. */
  private void sayFingerprint() {
    certificates
        .active(CONSOLE_IDENTITY)
        .ifPresent(
            identity -> {
              say("              its certificate is its own, so the browser warns once; SHA-256:");
              say("              " + identity.fingerprint());
            });
  }

  private void sayFirstValue() {
    for (ServiceReference<Uplink> reference : uplinks()) {
      Uplink uplink = context.getService(reference);
      if (uplink == null) {
        continue;
      }
      try {
        UplinkStatus status = uplink.status();
        if (status.acknowledged() > 0) {
          say("First value:  acknowledged by " + status.endpoint() + "   (" + elapsed() + ")");
          valueSaid = true;
          return;
        }
      } finally {
        context.ungetService(reference);
      }
    }
  }

  private Iterable<ServiceReference<Uplink>> uplinks() {
    try {
      return context.getServiceReferences(Uplink.class, null);
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable ServiceReference<?> find(String filter) {
    try {
      ServiceReference<?>[] found = context.getAllServiceReferences(null, filter);
      return found == null || found.length == 0 ? null : found[0];
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private Duration sinceStart() {
    return Duration.between(gateway.startedAt(), Clock.systemUTC().instant());
  }

  private String elapsed() {
    return String.format(Locale.ROOT, "%.1f s after start", sinceStart().toMillis() / 1000.0);
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
