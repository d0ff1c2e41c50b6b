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
  private static final long LAST_PAUSE_MS = 2_000;

  /** Longest wait in one call; who joins meanwhile hears from the first byte that ends it. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

  /** The port looks for bytes all the time near the end of a wait: short ones are done here. */
  private static final long SHORT_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

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

  private void read(SerialConnection connection) throws DriverException, SerialException {
    byte[] buffer = new byte[4096];
    List<Listener> listeners = joined(List.of());
    long left = System.nanoTime();
    while (ended.getCount() > 0) {
      long wake = Long.MAX_VALUE;
      long batch = Long.MAX_VALUE;
      for (Listener listener : listeners) {
        wake = Math.min(wake, listener.wakeInNanos(left));
        batch = Math.min(batch, listener.batchNanos());
      }
      boolean waits = batch > 0 && wake < SHORT_WAIT_NANOS;
      long pause = waits ? Math.min(wake, batch) : 0;
      if (pause > 0) {
        pause(pause);
      }
      long begin = System.nanoTime();
      long deaf = begin - left - pause;
      long wait = waits ? 0 : Math.min(wake, LONGEST_WAIT.toNanos());
      int read = connection.read(buffer, Deadline.atNanoTime(begin + wait));
      left = System.nanoTime();
      line.told(false, buffer, 0, read);
      listeners = joined(listeners);
      // Without a wait it was there when the call began, however long that took on a busy machine.
      long heard = waits ? begin : left;
      for (Listener listener : listeners) {
        tell(listener, buffer, read, deaf, heard);
      }
    }
  }

  private static void tell(Listener listener, byte[] buffer, int read, long deaf, long now) {
    if (deaf > LATE_NANOS) {
      listener.deaf(deaf);
    }
    if (read > 0) {
      listener.bytes(buffer, 0, read, now);
    } else {
      listener.silence(now);
    }
  }

  /** Those who listen now. Who is new has its opening sequence sent, and begins to hear. */
  private List<Listener> joined(List<Listener> known) throws DriverException {
    List<Listener> listeners = line.listeners();
    if (!listeners.equals(known)) {
      line.open(Deadline.in(OPEN));
      for (Listener listener : listeners) {
        if (!known.contains(listener)) {
          listener.opened(System.nanoTime());
        }
      }
    }
    return listeners;
  }

  private void pause(long nanos) {
    try {
      if (ended.await(nanos, TimeUnit.NANOSECONDS)) {
        LOG.debug("Reading {} ends", line.address());
      }
    } catch (InterruptedException e) {
      LOG.debug("Interrupted while reading {}", line.address());
    }
  }
}
