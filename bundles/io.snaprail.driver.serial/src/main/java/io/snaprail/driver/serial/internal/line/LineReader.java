package io.snaprail.driver.serial.internal.line;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that reads a line for those who listen. Opens the port, and again after a loss. */
final class LineReader implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LineReader.class);
  private static final Duration OPEN = Duration.ofSeconds(5);
  private static final long FIRST_PAUSE_MS = 250;
  private static final long LAST_PAUSE_MS = 4_000;

  /** Longest wait in one call: a listener that joins meanwhile is heard of after it. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  private static final long END_MS = 1_000;

  private final SerialLine line;
  private final Thread thread;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile String trouble;

  LineReader(SerialLine line) {
    this.line = line;
    this.trouble = line.address() + " is being opened";
    this.thread = new Thread(this, "snaprail-serial-" + line.address());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Why nothing is heard; empty when it reads. */
  String trouble() {
    return trouble;
  }

  /** Ends the thread; the lease has been closed, so that it does not wait. Takes 1 s at most. */
  void end() {
    ended.countDown();
    if (thread.equals(Thread.currentThread())) {
      return;
    }
    try {
      thread.join(END_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    long pause = FIRST_PAUSE_MS;
    while (ended.getCount() > 0) {
      try {
        SerialConnection connection = line.open(Deadline.in(OPEN));
        trouble = "";
        pause = FIRST_PAUSE_MS;
        read(connection);
      } catch (DriverException | SerialException e) {
        trouble = String.valueOf(e.getMessage());
      } catch (Throwable e) {
        // Whatever a listener does, the others go on hearing.
        trouble = line.address() + ": reading failed: " + e;
        LOG.error("Reading {} failed", line.address(), e);
      }
      try {
        if (ended.await(pause, TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        LOG.debug("Interrupted while waiting to open {}", line.address());
      }
      pause = Math.min(LAST_PAUSE_MS, 2 * pause);
    }
  }

  private void read(SerialConnection connection) throws SerialException {
    byte[] buffer = new byte[4096];
    List<Listener> known = List.of();
    while (ended.getCount() > 0) {
      long now = System.nanoTime();
      List<Listener> listeners = line.listeners();
      long wake = LONGEST_WAIT.toNanos();
      for (Listener listener : listeners) {
        if (!known.contains(listener)) {
          listener.opened(now);
        }
        wake = Math.min(wake, listener.wakeInNanos(now));
      }
      known = listeners;
      int read = connection.read(buffer, Deadline.atNanoTime(now + wake));
      long after = System.nanoTime();
      line.told(false, buffer, 0, read);
      for (Listener listener : listeners) {
        if (read > 0) {
          listener.bytes(buffer, 0, read, after);
        } else {
          listener.silence(after);
        }
      }
    }
  }
}
