package io.snaprail.localiot.internal;

import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.localiot.internal.broker.Broker;
import io.snaprail.localiot.internal.broker.BrokerContext;
import io.snaprail.localiot.internal.broker.MqttServer;
import io.snaprail.localiot.internal.limits.LimitedLog;
import io.snaprail.localiot.internal.pages.EndpointPages;
import io.snaprail.localiot.internal.pages.Parts;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.rest.RestServer;
import io.snaprail.localiot.internal.service.ServiceThread;
import io.snaprail.localiot.internal.setup.DeviceSigner;
import io.snaprail.localiot.internal.setup.Setup;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoint from start to stop. One service thread sets it up, tries again what failed, renews
 * certificates and writes shadows; two network threads do the rest. {@link #start}, {@link
 * #identityChanged} and {@link #close} return at once or within 2 s; nothing waits for a client.
 */
public final class Endpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
  private static final Duration RETRY = Duration.ofSeconds(3);
  private static final Duration MAINTENANCE = Duration.ofMinutes(10);
  private static final Duration BROKER_SAVE = Duration.ofSeconds(1);
  private static final Duration SESSION_SWEEP = Duration.ofMinutes(1);
  private static final Duration SERVICE_SWEEP = Duration.ofSeconds(1);
  private static final long STOP_TIMEOUT_MS = 500;

  private final EndpointSettings settings;
  private final Environment environment;
  private final Problems problems;
  private final Broker broker;
  private final ScheduledThreadPoolExecutor worker = new ScheduledThreadPoolExecutor(1, threads());
  private final AtomicBoolean renewalPending = new AtomicBoolean();

  // Only the worker writes these; close() reads the server after the worker has ended.
  private volatile @Nullable Registry registry;
  private Parts.@Nullable Started forPages;
  private volatile @Nullable Parts parts;
  private final EndpointPages pages;
  private volatile boolean ready;
  private volatile @Nullable MqttServer server;
  private final ServiceThread serviceThread = new ServiceThread(this::execute);
  private volatile @Nullable Services services;
  private volatile @Nullable RestServer rest;
  private volatile int port = -1;

  /**
   * Where the endpoint lives.
   *
   * @param store keys and certificates
   * @param authorities the endpoint's own authority
   * @param board for problems
   * @param clock for time stamps and validity
   * @param folder for everything that it keeps
   * @param configuration what people have to edit to change the settings, for messages
   */
  public record Environment(
      CertificateStore store,
      CertificateAuthorities authorities,
      ProblemBoard board,
      Clock clock,
      Path folder,
      String configuration) {}

  /** Does nothing before {@link #start}. */
  public Endpoint(String source, EndpointSettings settings, Environment environment) {
    this.settings = settings;
    this.environment = environment;
    this.broker = new Broker(System::nanoTime, environment.clock());
    this.problems =
        new Problems(environment.board(), source, "local endpoint " + settings.display());
    this.pages = new EndpointPages(() -> Optional.ofNullable(parts), environment.clock());
    worker.setRemoveOnCancelPolicy(true);
    worker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Starts; what fails is on the problem board and tried again every 3 s. */
  public void start() {
    worker.execute(this::attempt);
    every(SESSION_SWEEP, broker::expireSessions);
    every(BROKER_SAVE, this::saveBroker);
    every(MAINTENANCE, this::renew);
    every(SERVICE_SWEEP, this::sweepServices);
  }

  /** An identity or a set of roots has changed: takes a fresh TLS context if it is one of ours. */
  public void identityChanged(String name) {
    Set<String> ours = Set.of(Setup.SERVER_IDENTITY, Setup.ROOTS, settings.demo().identity());
    if (ours.contains(name) && renewalPending.compareAndSet(false, true)) {
      execute(this::renew);
    }
  }

  /** The port that it listens on; -1 while it does not. */
  public int port() {
    return port;
  }

  /** The port of the REST twin; -1 while there is none. */
  int restPort() {
    RestServer running = rest;
    return running == null ? -1 : running.port();
  }

  /** Delivers its figures. */
  public void collect(MetricSource.Collector collector) {
    broker.collect(collector);
  }

  /** Things, certificates and policies; empty until they are read at start. */
  public Optional<Registry> registry() {
    return Optional.ofNullable(registry);
  }

  /** Its services as operations; null before it listens for the first time. */
  public @Nullable Services services() {
    return services;
  }

  /** Whether all is made and it listens. */
  boolean ready() {
    return ready;
  }

  /** Clients that are connected now. */
  int connections() {
    return broker.connections();
  }

  /** Ends everything; takes 2 s at most. */
  @Override
  public void close() {
    pages.close();
    worker.shutdownNow();
    MqttServer running = server;
    if (running != null) {
      running.close();
    }
    RestServer twin = rest;
    if (twin != null) {
      twin.close();
    }
    saveBroker();
    broker.close();
    try {
      if (!worker.awaitTermination(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("local endpoint: the service thread is still busy and ends by itself");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    problems.clear();
  }

  // Where a task begins: whatever goes wrong is told and tried again.
  private void attempt() {
    try {
      listen();
      problems.resolve("start");
    } catch (CertificateStoreException | IOException | RuntimeException e) {
      if (worker.isShutdown()) {
        return;
      }
      problems.report("start", message(e));
      worker.schedule(this::attempt, RETRY.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  // Listening comes before the demo thing: its gateway connects as soon as it has its certificate.
  private void listen() throws CertificateStoreException, IOException {
    Registry opened = registry;
    if (opened == null) {
      opened = openRegistry();
      registry = opened;
    }
    Setup setup = setup(opened);
    SSLContext tls = setup.ensureServer(settings.serverNames());
    MqttServer running = server;
    if (running == null) {
      running = new MqttServer(context(opened), tls);
      server = running;
    } else {
      running.renew(tls);
    }
    if (port < 0) {
      running.open(new InetSocketAddress(settings.host(), settings.port()));
      port = running.port();
      LOG.info("local endpoint listens on {}:{}", settings.host(), port);
    }
    setup.ensureDemo(settings.demo(), settings.arns());
    Parts.Started started = forPages;
    if (started != null) {
      String roots = environment.store().rootsPem(Setup.ROOTS);
      parts = new Parts(opened, started, new Parts.About(settings.host(), port, roots));
    }
    ready = true;
    listenForRest(opened, tls);
  }

  private void listenForRest(Registry opened, SSLContext tls) throws IOException {
    Services made = services;
    if (settings.restPort() < 0 || made == null) {
      return;
    }
    RestServer running = rest;
    if (running == null) {
      running = restServer(opened, made, tls);
      rest = running;
    } else {
      running.renew(tls);
    }
    if (running.port() >= 0) {
      return;
    }
    try {
      running.open(new InetSocketAddress(settings.host(), settings.restPort()));
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on %s:%d for REST: %s; stop the program that has the port or change 'rest.port' in %s"
              .formatted(
                  settings.host(),
                  settings.restPort(),
                  e.getMessage(),
                  environment.configuration()),
          null);
    }
    LOG.info("local endpoint listens on {}:{} for REST", settings.host(), running.port());
  }

  private RestServer restServer(Registry opened, Services made, SSLContext tls) {
    return new RestServer(
        new RestServer.Parts(
            opened,
            settings.arns(),
            environment.clock(),
            made.shadows(),
            made.jobs(),
            made.messages(),
            serviceThread),
        tls);
  }

  private void saveBroker() {
    try {
      broker.save();
      problems.resolve("broker");
    } catch (IOException e) {
      problems.report("broker", "messages and sessions cannot be kept: " + e.getMessage());
    }
  }

  private Registry openRegistry() throws IOException {
    Registry opened =
        Registry.open(
            environment.folder(),
            new Registry.Environment(
                environment.clock(),
                settings.rules(),
                new DeviceSigner(environment.authorities())));
    broker.open(environment.folder());
    opened.onChange(() -> broker.endUnless(opened::active));
    return opened;
  }

  private Setup setup(Registry opened) {
    return new Setup(
        environment.store(),
        environment.authorities(),
        environment.clock(),
        opened,
        environment.folder());
  }

  private BrokerContext context(Registry opened) {
    Services made =
        new Services(
            new Services.Needs(
                opened,
                serviceThread,
                broker,
                environment.clock(),
                environment.folder(),
                problems,
                settings.rules().strict()));
    services = made;
    BrokerContext context =
        new BrokerContext(
            broker,
            opened,
            settings.arns(),
            made.topics(),
            settings.rules(),
            new Strangers(opened, broker, settings.arns(), this::execute),
            new LimitedLog(LOG));
    forPages =
        new Parts.Started(context, made.shadows(), made.jobs(), made.provisioning(), made.rules());
    return context;
  }

  /** Its pages in the console; they are closed with it. */
  public EndpointPages pages() {
    return pages;
  }

  private void sweepServices() {
    Services running = services;
    if (running != null) {
      running.sweep();
    }
  }

  private void renew() {
    renewalPending.set(false);
    if (!ready) {
      return;
    }
    try {
      listen();
      problems.resolve("renewal");
    } catch (CertificateStoreException | IOException | IllegalArgumentException e) {
      problems.report("renewal", message(e));
    }
  }

  private String message(Exception failure) {
    long seconds = (ready ? MAINTENANCE : RETRY).toSeconds();
    String retry = "; trying again every " + seconds + " s";
    if (failure instanceof CertificateStoreException
        || failure instanceof IllegalArgumentException) {
      return "cannot set up the endpoint's certificates: " + failure.getMessage() + retry;
    }
    if (failure.getCause() instanceof BindException
        && String.valueOf(failure.getMessage()).contains("in use")) {
      return "cannot listen on %s: the port is taken by another program; stop that program or change 'port' in %s%s"
          .formatted(settings.display(), environment.configuration(), retry);
    }
    if (failure.getCause() instanceof java.net.SocketException) {
      return "cannot listen on %s: %s; check 'host' and 'port' in %s%s"
          .formatted(settings.display(), failure.getMessage(), environment.configuration(), retry);
    }
    return failure instanceof IOException
        ? failure.getMessage() + retry
        : "the endpoint failed unexpectedly: " + failure + retry;
  }

  private void every(Duration period, Runnable task) {
    worker.scheduleWithFixedDelay(
        guarded(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void execute(Runnable task) {
    try {
      worker.execute(guarded(task));
    } catch (RejectedExecutionException stopped) {
      LOG.debug("local endpoint is stopping: a task is not taken any more");
    }
  }

  // Where a task begins: nothing that it throws may end the service thread's work in silence.
  private static Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.error("local endpoint: a task failed unexpectedly", e);
      }
    };
  }

  private static java.util.concurrent.ThreadFactory threads() {
    return task -> {
      Thread thread = new Thread(task, "snaprail-localiot-service");
      thread.setDaemon(true);
      return thread;
    };
  }
}
