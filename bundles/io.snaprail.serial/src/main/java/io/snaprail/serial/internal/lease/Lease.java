package io.snaprail.serial.internal.lease;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.serial.internal.link.Link;
import io.snaprail.serial.internal.link.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port in the hands of one holder. */
final class Lease implements SerialLease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
  // An attempt to open ends within a slice of its waits once the lease is closed.
  private static final Duration OPENING_ENDS = Duration.ofMillis(200);

  private final Leases leases;
  private final LinkOpener opener;
  private final SerialSettings settings;
  private final String holder;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile boolean closed;
  // Both guarded by this.
  private @Nullable Connection connection;
  private @Nullable Path device;

  Lease(Leases leases, LinkOpener opener, SerialSettings settings, String holder) {
    this.leases = leases;
    this.opener = opener;
    this.settings = settings;
    this.holder = holder;
  }

  @Override
  public SerialSettings settings() {
    return settings;
  }

  @Override
  public String holder() {
    return holder;
  }

  String port() {
    return settings.address().toString();
  }

  /** The device it has open or is about to open. */
  synchronized @Nullable Path device() {
    return device;
  }

  synchronized void device(@Nullable Path claimed) {
    device = claimed;
  }

  synchronized boolean connected() {
    return connection != null && connection.isOpen();
  }

  @Override
  public SerialConnection open(Deadline deadline) throws SerialException {
    Waiting.lock(port(), opening, deadline, "open");
    try {
      Connection present = present();
      return present == null ? connect(deadline) : present;
    } finally {
      opening.unlock();
    }
  }

  private synchronized @Nullable Connection present() throws SerialException {
    if (closed) {
      throw Waiting.closed(port());
    }
    return connected() ? connection : null;
  }

  private Connection connect(Deadline deadline) throws SerialException {
    Link link = null;
    try {
      link = opener.open(settings, this::claim, deadline, () -> closed);
    } finally {
      if (link == null) {
        leases.ended(this);
      }
    }
    Connection made = new Connection(port(), link, settings.line(), () -> leases.ended(this));
    if (!keep(made)) {
      made.close();
      throw Waiting.closed(port());
    }
    leases.connected(this);
    return made;
  }

  private void claim(Path found) throws SerialException {
    leases.claim(this, found);
  }

  private synchronized boolean keep(Connection made) {
    if (!closed) {
      connection = made;
    }
    return !closed;
  }

  @Override
  public void close() {
    Connection present;
    synchronized (this) {
      closed = true;
      present = connection;
    }
    if (present != null) {
      present.close();
    }
    awaitOpening();
    leases.returned(this);
  }

  // So that the next holder does not meet a port that this one is just opening.
  private void awaitOpening() {
    try {
      Waiting.lock(port(), opening, Deadline.in(OPENING_ENDS), "close");
      opening.unlock();
    } catch (SerialException stillOpening) {
      // It closes what it opens; the next holder may have to try again.
      LOG.debug("{}", stillOpening.getMessage());
    }
  }
}
