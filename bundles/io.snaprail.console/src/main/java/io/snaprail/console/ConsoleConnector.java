package io.snaprail.console;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityListener;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for the console. Makes the console's identity at the first start, takes the port, and
 * then offers the socket to Jetty as a {@link ConnectorFactory} service with the property {@value
 * #URL}. While the port is taken it says so on the problem board and tries again.
 *
 * <p>Everything is done by one thread, {@code snaprail-console}.
 */
@Component(
    name = ConsoleConfig.PID,
    immediate = true,
    service = {})
@Designate(ocd = ConsoleConfig.class)
public final class ConsoleConnector {
  /** Service property of the {@link ConnectorFactory}: where browsers reach the console. */
  public static final String URL = "console.url";

  private static final Logger LOG = LoggerFactory.getLogger(ConsoleConnector.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(15);
  private static final Duration CERTIFICATE_CHECK = Duration.ofHours(12);

  private final BundleContext context;
  private final ProblemBoard board;
  private final ConsoleConfig config;
  private final ConsoleIdentity identity;
  private final CertificateStore store;
  private final ScheduledExecutorService executor;

  private @Nullable HttpsConnectors connectors;
  private @Nullable ServiceRegistration<ConnectorFactory> registration;
  private @Nullable ServiceRegistration<IdentityListener> listening;
  private Duration retry = FIRST_RETRY;

  /** Made by DS; begins to listen on a thread of its own. */
  @Activate
  public ConsoleConnector(
      BundleContext context,
      @Reference CertificateStore store,
      @Reference ProblemBoard board,
      ConsoleConfig config) {
    this.context = context;
    this.board = board;
    this.config = config;
    this.store = store;
    this.identity = new ConsoleIdentity(store, Clock.systemUTC());
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "snaprail-console");
              thread.setDaemon(true);
              return thread;
            });
    executor.execute(this::start);
    long every = CERTIFICATE_CHECK.toMillis();
    executor.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.MILLISECONDS);
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    executor.shutdownNow();
    if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
      LOG.warn("The console's thread did not end within 5 s");
    }
    unregister(listening);
    unregister(registration);
    HttpsConnectors made = connectors;
    if (made != null) {
      made.close();
    }
    board.report(ConsoleConfig.PID, List.of());
  }

  private static void unregister(@Nullable ServiceRegistration<?> registered) {
    if (registered != null) {
      registered.unregister();
    }
  }

  /**
   * The store calls its listeners and this component calls the store: as a service of this
   * component the listener would be a circle that DS refuses.
   */
  private void start() {
    IdentityListener listener = this::changed;
    listening = context.registerService(IdentityListener.class, listener, null);
    listen();
  }

  /** Shows a new certificate to browsers from the next connection on. */
  void changed(String name) {
    if (name.equals(ConsoleIdentity.NAME) && !executor.isShutdown()) {
      executor.execute(this::reload);
    }
  }

  private void listen() {
    try {
      identity.ensure(HostNames.certified(config));
      ServerSocketChannel channel = Sockets.bind(config.host(), config.port());
      HttpsConnectors made = new HttpsConnectors(store, channel);
      connectors = made;
      String url = Sockets.url(config.host(), channel);
      registration =
          context.registerService(
              ConnectorFactory.class, made, FrameworkUtil.asDictionary(Map.of(URL, url)));
      board.report(ConsoleConfig.PID, List.of());
      LOG.info("Console at {}", url);
    } catch (IOException e) {
      failed(Sockets.explain(config.host(), config.port(), e));
    } catch (CertificateStoreException e) {
      failed("The console has no certificate of its own: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("The console could not start to listen", e);
      failed("The console could not start to listen: " + e);
    }
  }

  private void failed(String message) {
    board.report(
        ConsoleConfig.PID,
        List.of(
            new Problem(
                Problem.Severity.ERROR,
                "console",
                message + " The console is tried again by itself; all else goes on.")));
    executor.schedule(this::listen, retry.toMillis(), TimeUnit.MILLISECONDS);
    Duration twice = retry.multipliedBy(2);
    retry = twice.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : twice;
  }

  private void renew() {
    try {
      identity.ensure(HostNames.certified(config));
    } catch (CertificateStoreException | RuntimeException e) {
      LOG.warn("The console's certificate could not be renewed: {}", e.getMessage());
    }
  }

  private void reload() {
    HttpsConnectors made = connectors;
    if (made == null) {
      return;
    }
    try {
      if (made.reload()) {
        LOG.info("The console shows its new certificate from now on");
      }
    } catch (CertificateStoreException | RuntimeException e) {
      LOG.warn("The console keeps its former certificate: {}", e.getMessage());
    }
  }
}
