package io.snaprail.security;

import io.snaprail.api.health.Problem;
import io.snaprail.security.internal.UnsafeFileException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers a service once its files are in order. While they are not, the service does not exist,
 * the problem stands on the board, and every five seconds it is tried again: whoever repairs a file
 * need not restart the gateway.
 *
 * @param <T> the service
 */
final class RetriedService<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetriedService.class);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final BundleContext context;
  private final Class<T> type;
  private final SecurityProblems problems;
  private final Opening<? extends T> opening;
  private final Duration retry;
  private volatile @Nullable ScheduledExecutorService retries;
  private volatile @Nullable ServiceRegistration<T> registration;
  private volatile @Nullable T service;

  RetriedService(
      BundleContext context,
      Class<T> type,
      SecurityProblems problems,
      Opening<? extends T> opening) {
    this(context, type, problems, opening, RETRY);
  }

  RetriedService(
      BundleContext context,
      Class<T> type,
      SecurityProblems problems,
      Opening<? extends T> opening,
      Duration retry) {
    this.retry = retry;
    this.context = context;
    this.type = type;
    this.problems = problems;
    this.opening = opening;
  }

  /** Tries at once, in the caller's thread, and later in its own if that fails. */
  void start() {
    if (tryOpen()) {
      return;
    }
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "snaprail-security-retry");
              thread.setDaemon(true);
              return thread;
            });
    retries = executor;
    executor.scheduleWithFixedDelay(
        () -> {
          if (tryOpen()) {
            executor.shutdown();
          }
        },
        retry.toMillis(),
        retry.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private boolean tryOpen() {
    String source = "io.snaprail.security." + type.getSimpleName();
    T opened;
    try {
      opened = opening.open();
    } catch (IOException | RuntimeException failure) {
      // Whatever it was: an executor would drop this task for ever and tell nobody.
      problems.report(
          source,
          List.of(new Problem(Problem.Severity.ERROR, type.getSimpleName(), describe(failure))));
      return false;
    }
    service = opened;
    registration = context.registerService(type, opened, null);
    problems.report(source, List.of());
    return true;
  }

  private static String describe(Exception failure) {
    // What the JDK throws often has nothing but a path for a message.
    return failure instanceof UnsafeFileException && failure.getMessage() != null
        ? failure.getMessage()
        : "cannot open its files: " + failure + ". It is tried again every 5 s.";
  }

  @Override
  public void close() throws Exception {
    ScheduledExecutorService executor = retries;
    if (executor != null) {
      executor.shutdownNow();
      if (!executor.awaitTermination(2, TimeUnit.SECONDS)) {
        LOG.warn("{}: the retry did not end within 2 s", type.getSimpleName());
      }
    }
    ServiceRegistration<T> registered = registration;
    if (registered != null) {
      registered.unregister();
    }
    if (service instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }

  /**
   * Makes the service from its files.
   *
   * @param <T> the service
   */
  @FunctionalInterface
  interface Opening<T> {
    /**
     * Opens it.
     *
     * @throws IOException whose message tells people what is wrong and what to do
     */
    T open() throws IOException;
  }
}
