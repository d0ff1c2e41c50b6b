package io.snaprail.certificates;

import io.snaprail.api.certificate.IdentityListener;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners what has changed and puts certificates that end soon on the problem board: at
 * start, after each change and every hour. It owns the one thread that does both, so that no
 * listener is called under a lock of the store or in the thread of whoever changed something.
 */
@Component(service = CertificateWatch.class)
public final class CertificateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final String SOURCE = "io.snaprail.certificates";

  // By service.id: a listener that is registered anew is another one.
  private final Map<Object, IdentityListener> listeners = new ConcurrentHashMap<>();
  private final ScheduledExecutorService executor;
  private volatile @Nullable ProblemBoard board;

  /** By who looks, so that one that comes anew takes the place of the one before. */
  private final Map<String, Supplier<List<Problem>>> checks = new ConcurrentSkipListMap<>();

  /** Starts its thread. */
  @Activate
  public CertificateWatch() {
    executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "snaprail-certificates-watch");
              thread.setDaemon(true);
              return thread;
            });
    executor.scheduleWithFixedDelay(this::report, 1, 1, TimeUnit.HOURS);
  }

  @Deactivate
  void deactivate() throws InterruptedException {
    executor.shutdownNow();
    if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
      LOG.warn("The watch over certificates did not end within 2 s");
    }
  }

  /**
   * From now on asks the given check what is wrong.
   *
   * @param who looks; its check before, if any, is asked no more
   */
  void watch(String who, Supplier<List<Problem>> problems) {
    checks.put(who, problems);
    submit(this::report);
  }

  /** Whoever looked and listened is gone, unless another has taken the place. */
  void unwatch(String who, Supplier<List<Problem>> problems) {
    if (checks.remove(who, problems)) {
      listeners.remove(who);
    }
    submit(this::report);
  }

  /** An identity, set of roots or authority has changed. */
  void changed(String name) {
    submit(
        () -> {
          listeners.values().forEach(listener -> tell(listener, name));
          report();
        });
  }

  /**
   * From now on tells somebody in this bundle, too.
   *
   * @param who listens; whoever did before under this name does not any more
   */
  void listen(String who, IdentityListener listener) {
    listeners.put(who, listener);
  }

  /** What is wrong may be another now. */
  void checkAnew() {
    submit(this::report);
  }

  /** What is wrong may be another in a while. */
  void checkAnew(Duration after) {
    later(this::report, after);
  }

  /** Lets everybody ask anew in a while. */
  void changed(String name, Duration after) {
    later(() -> changed(name), after);
  }

  private void later(Runnable task, Duration after) {
    try {
      executor.schedule(task, after.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException stopped) {
      LOG.debug("The watch over certificates has ended");
    }
  }

  private void submit(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException stopped) {
      LOG.debug("The watch over certificates has ended");
    }
  }

  // One listener, or one unreadable file, must not end the watch over all the others.
  private static void tell(IdentityListener listener, String name) {
    try {
      listener.changed(name);
    } catch (RuntimeException failure) {
      LOG.warn("A listener failed when it was told that '{}' has changed", name, failure);
    }
  }

  private void report() {
    ProblemBoard present = board;
    if (present == null) {
      return;
    }
    try {
      present.report(
          SOURCE, checks.values().stream().map(Supplier::get).flatMap(List::stream).toList());
    } catch (RuntimeException failure) {
      LOG.warn("The check of the certificates failed", failure);
    }
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeListener")
  void addListener(IdentityListener listener, Map<String, Object> properties) {
    listeners.put(id(properties), listener);
  }

  void removeListener(IdentityListener listener, Map<String, Object> properties) {
    listeners.remove(id(properties));
  }

  private static Object id(Map<String, Object> properties) {
    Object id = properties.get("service.id");
    return id == null ? "" : id;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindBoard")
  void bindBoard(ProblemBoard added) {
    board = added;
    submit(this::report);
  }

  void unbindBoard(ProblemBoard removed) {
    if (board == removed) {
      board = null;
    }
  }
}
