package io.snaprail.storage.internal.config;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the configuration folder looked at: at once when the file system says that something has
 * happened, and every half second, because network file systems say nothing. Owns the thread {@code
 * snaprail-config-watch}; the looking happens on the worker.
 */
final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

  static final Duration PERIOD = Duration.ofMillis(500);

  /** Lets the writer finish what it began. */
  private static final Duration SETTLE = Duration.ofMillis(30);

  private final Path folder;
  private final ScheduledExecutorService worker;
  private final Runnable look;
  private final AtomicBoolean lookPlanned = new AtomicBoolean();
  private final @Nullable WatchService watcher;
  private final Thread thread = new Thread(this::watch, "snaprail-config-watch");

  /**
   * Makes a watch that does nothing until it is started.
   *
   * @param look looks once; never throws
   */
  FolderWatch(Path folder, ScheduledExecutorService worker, Runnable look) {
    this.folder = folder;
    this.worker = worker;
    this.look = look;
    this.watcher = open(folder);
    thread.setDaemon(true);
  }

  private static @Nullable WatchService open(Path folder) {
    try {
      return folder.getFileSystem().newWatchService();
    } catch (IOException | UnsupportedOperationException e) {
      LOG.info("{} is looked at twice a second only: {}", folder, e.getMessage());
      return null;
    }
  }

  void start() {
    worker.scheduleWithFixedDelay(
        look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    if (watcher == null) {
      return;
    }
    try {
      folder.register(
          watcher,
          StandardWatchEventKinds.ENTRY_CREATE,
          StandardWatchEventKinds.ENTRY_MODIFY,
          StandardWatchEventKinds.ENTRY_DELETE);
      thread.start();
    } catch (IOException e) {
      LOG.info("{} is looked at twice a second only: {}", folder, e.getMessage());
    }
  }

  private void watch() {
    WatchService service = watcher;
    try {
      while (service != null) {
        WatchKey key = service.poll(1, TimeUnit.MINUTES);
        if (key != null) {
          key.pollEvents();
          key.reset();
          planLook(SETTLE);
        }
      }
    } catch (ClosedWatchServiceException e) {
      LOG.debug("The watch of {} is closed", folder);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Has the folder looked at after a while, unless that is planned already. */
  void planLook(Duration delay) {
    if (lookPlanned.compareAndSet(false, true) && !worker.isShutdown()) {
      worker.schedule(
          () -> {
            lookPlanned.set(false);
            look.run();
          },
          delay.toMillis(),
          TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    if (watcher != null) {
      try {
        watcher.close();
      } catch (IOException e) {
        LOG.debug("The watch of {} did not close", folder, e);
      }
    }
  }
}
