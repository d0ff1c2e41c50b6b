package io.snaprail.storage.internal.config;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.storage.internal.config.Change.Origin;
import io.snaprail.storage.internal.config.ConfigFolder.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.felix.cm.PersistenceManager;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the configuration folder in a framework: registers the persistence manager, watches files,
 * tells Configuration Admin, keeps history and audit, reports problems. Needs no other service to
 * start, so that Configuration Admin can wait for it.
 *
 * <p>Owns the thread {@code snaprail-config}, on which everything happens except what Configuration
 * Admin asks for and what must be known before a starting bundle's components are.
 */
public final class ConfigService implements AutoCloseable, SynchronousBundleListener {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigService.class);
  private static final String SOURCE = "config";
  private static final Duration SCHEMA_DELAY = Duration.ofMillis(300);

  /**
   * How soon what is not urgent is done.
   *
   * @param journal from the start until the present versions are kept: the start has no time for it
   * @param review between searches for configurations that nobody uses
   * @param grace from the end of the start until the first search: some services come later
   */
  record Pace(Duration journal, Duration review, Duration grace) {
    static final Pace NORMAL =
        new Pace(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(3));
  }

  private final BundleContext context;
  private final Pace pace;
  private final ScheduledThreadPoolExecutor worker;
  private final MetaTypeSchemas schemas = new MetaTypeSchemas();
  private final ConfigFolder folder;
  private final FolderPersistenceManager manager;
  private final Publisher publisher;
  private final Journal journal;
  private final Orphans orphans;
  private final FolderWatch watch;
  private final ServiceTracker<ConfigurationAdmin, ConfigurationAdmin> admin;
  private final ServiceTracker<MetaTypeService, MetaTypeService> metaType;
  private final ServiceTracker<ProblemBoard, ProblemBoard> board;
  private final ServiceTracker<AuditLog, AuditLog> audit;

  private final AtomicBoolean schemasStale = new AtomicBoolean();
  private volatile long schemasChangedAt;
  private final AtomicBoolean reportStale = new AtomicBoolean(true);
  private @Nullable ServiceRegistration<PersistenceManager> registration;
  private volatile List<Problem> orphanProblems = List.of();
  private long reportedRevision = -1;
  private Map<String, String> reportedFailures = Map.of();

  /**
   * Makes a service that does nothing until it is started.
   *
   * @param config folder of the configuration files
   * @param data folder of what the runtime writes
   */
  public ConfigService(BundleContext context, Path config, Path data) {
    this(context, config, data, Pace.NORMAL);
  }

  ConfigService(BundleContext context, Path config, Path data, Pace pace) {
    this.context = context;
    this.pace = pace;
    this.worker = new ScheduledThreadPoolExecutor(1, ConfigService::thread);
    worker.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    worker.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    Time time = Time.SYSTEM;
    History history = new History(data.resolve("config-history"), time.clock());
    this.folder = new ConfigFolder(config, history, schemas, time, this::changed);
    this.manager = new FolderPersistenceManager(folder);
    this.admin = tracker(ConfigurationAdmin.class, this::publishSoon);
    this.metaType = tracker(MetaTypeService.class, this::schemasChanged);
    this.board = tracker(ProblemBoard.class, () -> reportStale.set(true));
    this.audit = tracker(AuditLog.class, () -> {});
    this.publisher = new Publisher(folder, manager, admin::getService);
    this.journal = new Journal(folder, history, audit::getService);
    this.orphans = new Orphans(context, schemas, folder, time.nanoTime(), pace.grace());
    this.watch = new FolderWatch(config, worker, task(this::look));
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "snaprail-config");
    thread.setDaemon(true);
    return thread;
  }

  private <S> ServiceTracker<S, S> tracker(Class<S> type, Runnable changed) {
    return new ServiceTracker<>(context, type, null) {
      @Override
      public S addingService(ServiceReference<S> reference) {
        S service = super.addingService(reference);
        changed.run();
        return service;
      }

      @Override
      public void removedService(ServiceReference<S> reference, S service) {
        super.removedService(reference, service);
        changed.run();
      }
    };
  }

  /**
   * Reads the folder and starts.
   *
   * @throws IOException when the folder cannot be made or read
   */
  public void start() throws IOException {
    folder.load();
    context.addBundleListener(this);
    board.open();
    audit.open();
    metaType.open();
    registration =
        context.registerService(
            PersistenceManager.class,
            manager,
            FrameworkUtil.asDictionary(
                Map.of(PersistenceManager.PROPERTY_NAME, FolderPersistenceManager.NAME)));
    admin.open();
    watch.start();
    worker.schedule(task(journal::begin), pace.journal().toMillis(), TimeUnit.MILLISECONDS);
    long review = pace.review().toMillis();
    worker.scheduleWithFixedDelay(task(this::review), review, review, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    context.removeBundleListener(this);
    if (registration != null) {
      registration.unregister();
      registration = null;
    }
    watch.close();
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("The configuration folder's thread does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    journal.flush();
    List.of(admin, metaType, board, audit).forEach(ServiceTracker::close);
  }

  /** A task of the worker: whatever goes wrong in one, the next ones run. */
  private static Runnable task(Runnable body) {
    return () -> {
      try {
        body.run();
      } catch (RuntimeException e) {
        LOG.error("The configuration folder could not be handled; it is tried again", e);
      }
    };
  }

  private void look() {
    if (folder.look()) {
      watch.planLook(ConfigFolder.PATIENCE.plusMillis(20));
    }
    handOn();
  }

  private void handOn() {
    publisher.publish();
    journal.flush();
    report();
  }

  /** Called under the folder's lock: only takes note. */
  private void changed(Change change) {
    if (change.origin() != Origin.ADMIN) {
      publisher.add(change.pid());
    }
    journal.add(change);
    if (change.origin() == Origin.ADMIN) {
      soon(this::handOn, Duration.ZERO);
    }
  }

  private void publishSoon() {
    soon(publisher::publish, Duration.ZERO);
  }

  private void soon(Runnable body, Duration delay) {
    if (!worker.isShutdown()) {
      worker.schedule(task(body), delay.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Waits until nothing has changed for a while: bundles come and go in swarms. */
  private void schemasChanged() {
    schemasChangedAt = System.nanoTime();
    if (schemasStale.compareAndSet(false, true)) {
      soon(this::readSchemasWhenQuiet, SCHEMA_DELAY);
    }
  }

  private void readSchemasWhenQuiet() {
    if (System.nanoTime() - schemasChangedAt < SCHEMA_DELAY.toNanos()) {
      soon(this::readSchemasWhenQuiet, SCHEMA_DELAY);
    } else {
      readSchemas();
    }
  }

  private void readSchemas() {
    schemasStale.set(false);
    schemas.readAll(metaType.getService(), context.getBundles());
    folder.recheck(null);
    reviewOrphans();
    handOn();
  }

  private void review() {
    if (reviewOrphans()) {
      report();
    }
  }

  /** Whether there are others than before. */
  private boolean reviewOrphans() {
    List<Problem> found = orphans.ready() ? orphans.find() : List.of();
    boolean others = !found.equals(orphanProblems);
    orphanProblems = found;
    reportStale.compareAndSet(false, others);
    return others;
  }

  /**
   * What a starting bundle declares is applied before its components are made: they never see a
   * value of a wrong type.
   */
  @Override
  public void bundleChanged(BundleEvent event) {
    int type = event.getType();
    if (type == BundleEvent.STARTING) {
      // The common keys of devices are known only once the bundle's components are.
      schemasChanged();
      MetaTypeService service = metaType.getService();
      if (service != null) {
        Set<String> owners = schemas.read(service, event.getBundle());
        folder.recheck(owners).forEach(publisher::add);
        publisher.publish();
      }
    } else if (type == BundleEvent.STARTED
        || type == BundleEvent.STOPPED
        || type == BundleEvent.UNRESOLVED
        || type == BundleEvent.UNINSTALLED) {
      schemasChanged();
    }
  }

  private void report() {
    ProblemBoard present = board.getService();
    Map<String, String> failures = publisher.failures();
    failures.putAll(journal.failures());
    long revision = folder.revision();
    boolean same = revision == reportedRevision && failures.equals(reportedFailures);
    if (present == null || schemasStale.get() || (same && !reportStale.get())) {
      return;
    }
    reportStale.set(false);
    reportedRevision = revision;
    reportedFailures = failures;
    present.report(SOURCE, problems(failures));
  }

  private List<Problem> problems(Map<String, String> failures) {
    List<Problem> problems = new ArrayList<>(folder.problems());
    failures.forEach(
        (subject, message) -> problems.add(new Problem(Severity.ERROR, subject, message)));
    problems.addAll(orphanProblems);
    return problems;
  }
}
