package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.nio.IoLoop;
import io.snaprail.driver.modbus.internal.transport.Link;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One host and port, and the one connection to it, which is opened when it is needed and closed
 * after anything but an answer. The core calls the devices of a bus one after another; a lock keeps
 * it so when a device and its successor overlap for a moment.
 */
final class Endpoint extends SharedConnection {
  private static final int MAX_TRANSACTION = 65_535;

  private final Waits waits;
  private final ReentrantLock lane = new ReentrantLock();

  /** Written under the lock; read by whoever gives up a lease. */
  private volatile @Nullable Link connection;

  /** Whose exchange is under way(). */
  private volatile @Nullable Lease current;

  /** Of the last request, on whichever connection. Guarded by the lock. */
  private int transaction;

  /** When the connection was used last, as {@link System#nanoTime()}. Guarded by the lock. */
  private long lastUse;

  /** How long the device that used it last lets it be idle; zero for ever. Guarded by the lock. */
  private Duration idle = Duration.ZERO;

  private final IoLoop.Timer idleTimer = new IoLoop.Timer(this::closeIfIdle);

  /** Connects to nothing yet. */
  Endpoint(Way way, Services services) {
    super(way, services);
    this.waits = services.waits();
  }

  @Override
  byte[] exchange(Lease lease, int unit, PduRequest request, Times times) throws DriverException {
    Deadline deadline = times.deadline();
    enter(request, deadline);
    current = lease;
    try {
      Link open = connected(lease, request, deadline);
      UnitCounters counters = counters(unit);
      boolean answered = false;
      try {
        counters.requests.increment();
        long start = System.nanoTime();
        transaction = transaction % MAX_TRANSACTION + 1;
        Deadline due = times.fromNow();
        byte[] answer = open.exchange(transaction, unit, request, due);
        if (due.expired()) {
          // Waits are rounded up and threads are held up: what came too late is late all the same.
          throw new SocketTimeoutException();
        }
        answered = true;
        counters.answered(answer, System.nanoTime() - start);
        return answer;
      } catch (IOException e) {
        throw failures().failure(e, lease, unit, request, counters);
      } finally {
        if (!answered) {
          disconnect();
        }
      }
    } finally {
      current = null;
      used(lease);
      lane.unlock();
    }
  }

  /** Under the lock. */
  private void used(Lease lease) {
    lastUse = System.nanoTime();
    idle = lease.settings().idle();
    if (!idle.isZero() && connection != null) {
      services().loop().set(idleTimer, lastUse + idle.toNanos());
    }
  }

  /** On the thread that must not block: closing may, so others do it. */
  private void closeIfIdle() {
    services().resolver().execute(() -> closeUnlessUsed(false));
  }

  /** Closes the connection when nobody uses it; in any case, or when it is idle for long enough. */
  private void closeUnlessUsed(boolean now) {
    if (lane.tryLock()) {
      try {
        boolean over = !idle.isZero() && System.nanoTime() - lastUse - idle.toNanos() >= 0;
        if (now || over) {
          disconnect();
        }
      } finally {
        lane.unlock();
      }
    }
  }

  @Override
  boolean connected() {
    return connection != null;
  }

  @Override
  void rest(Lease lease) {
    if (!lease.settings().keep()) {
      closeUnlessUsed(true);
    }
  }

  private void enter(PduRequest request, Deadline deadline) throws DriverException {
    try {
      if (lane.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw failures().unsent(request, "the connection is in use by another device");
  }

  private Link connected(Lease lease, PduRequest request, Deadline deadline)
      throws DriverException {
    Link open = connection;
    if (open != null && !usable(open)) {
      disconnect();
      open = null;
    }
    if (lease.closed()) {
      throw failures().unsent(request, "the device has been deactivated");
    }
    if (open == null) {
      open = connect(lease, deadline);
    }
    if (deadline.expired()) {
      throw failures()
          .unsent(
              request, "no time left: raise timeout.ms, or let the device have fewer reads to do");
    }
    return open;
  }

  private static boolean usable(Link open) {
    try {
      return open.usable();
    } catch (IOException e) {
      // Nothing has been sent yet: a new connection will do.
      return false;
    }
  }

  private Link connect(Lease lease, Deadline deadline) throws DriverException {
    Deadline time = deadline.orIn(lease.settings().connectTimeout());
    IOException failure = new SocketTimeoutException("connect");
    try {
      for (InetAddress address : services().resolver().resolve(way().host(), time)) {
        try {
          return connect(lease, address, time);
        } catch (IOException e) {
          failure = e;
        }
      }
    } catch (IOException e) {
      failure = e;
    }
    connectFailures.increment();
    throw failures().unreachable(failure, lease);
  }

  private Link connect(Lease lease, InetAddress address, Deadline time) throws IOException {
    Link fresh = way().links().make(waits);
    // Seen by the thread that deactivates the device before it can block here; or that thread was
    // faster, and the lease is closed.
    connection = fresh;
    if (time.expired() || lease.closed()) {
      disconnect();
      throw new SocketTimeoutException("connect");
    }
    boolean connected = false;
    try {
      fresh.connect(address, way().port(), time);
      connected = true;
      connects.increment();
      return fresh;
    } finally {
      if (!connected) {
        disconnect();
      }
    }
  }

  @Override
  void abandon(Lease lease) {
    if (lease.equals(current)) {
      closeSocket();
    }
  }

  @Override
  void closeSocket() {
    Link open = connection;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close the connection to " + name(), e);
      }
    }
  }

  /** Under the lock. */
  private void disconnect() {
    closeSocket();
    connection = null;
  }
}
