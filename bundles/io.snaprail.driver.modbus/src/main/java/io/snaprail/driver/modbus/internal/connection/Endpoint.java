package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ChecksumException;
import io.snaprail.driver.modbus.internal.transport.ExplainedException;
import io.snaprail.driver.modbus.internal.transport.Link;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.SecurityFailureException;
import io.snaprail.driver.modbus.internal.transport.UnitReport;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One host and port, and the one connection to it, which is opened when it is needed and closed
 * after anything but an answer. The core calls the devices of a bus one after another; a lock keeps
 * it so when a device and its successor overlap for a moment.
 */
final class Endpoint {
  private static final int MAX_TRANSACTION = 65_535;

  final LongAdder connects = new LongAdder();
  final LongAdder connectFailures = new LongAdder();

  private final Way way;
  private final String name;
  private final HostResolver resolver;
  private final Waits waits;
  private final Map<Integer, UnitCounters> units = new ConcurrentHashMap<>();
  private final ReentrantLock lane = new ReentrantLock();

  /** Written under the lock; read by whoever gives up a lease. */
  private volatile @Nullable Link connection;

  /** Whose exchange is under way. */
  private volatile @Nullable Lease current;

  /** Of the last request, on whichever connection. Guarded by the lock. */
  private int transaction;

  /** Connects to nothing yet. */
  Endpoint(Way way, HostResolver resolver, Waits waits) {
    this.way = way;
    this.name = way.name();
    this.resolver = resolver;
    this.waits = waits;
  }

  Protocol protocol() {
    return way.protocol();
  }

  /** Host and port, for messages. */
  String name() {
    return name;
  }

  /** Host, port and variant, for figures. */
  String label() {
    return name + way.variant();
  }

  String bus() {
    return way.bus();
  }

  Map<Integer, UnitCounters> units() {
    return new TreeMap<>(units);
  }

  UnitReport report(int unit) {
    return Objects.requireNonNullElseGet(units.get(unit), UnitCounters::new)
        .report(connection != null);
  }

  void identified(int unit, SortedMap<Integer, String> objects) {
    counters(unit).identified(objects);
  }

  private UnitCounters counters(int unit) {
    return units.computeIfAbsent(unit, u -> new UnitCounters());
  }

  byte[] exchange(Lease lease, int unit, PduRequest request, Deadline deadline)
      throws DriverException {
    enter(request, deadline);
    current = lease;
    try {
      Link open = connected(lease, request, deadline);
      UnitCounters counters = counters(unit);
      boolean answered = false;
      try {
        counters.requests.increment();
        transaction = transaction % MAX_TRANSACTION + 1;
        long sent = System.nanoTime();
        byte[] answer = open.exchange(transaction, unit, request, deadline);
        if (deadline.expired()) {
          // Waits are rounded up and threads are held up: what came too late is late all the same.
          throw new SocketTimeoutException();
        }
        answered = true;
        counters.answered(System.nanoTime() - sent);
        count(answer, counters);
        return answer;
      } catch (IOException e) {
        throw failure(e, lease, unit, request, counters);
      } finally {
        if (!answered) {
          disconnect();
        }
      }
    } finally {
      current = null;
      lane.unlock();
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
    throw unsent(request, "the connection is in use by another device");
  }

  private Link connected(Lease lease, PduRequest request, Deadline deadline)
      throws DriverException {
    Link open = connection;
    if (open != null && !usable(open)) {
      disconnect();
      open = null;
    }
    if (lease.closed()) {
      throw unsent(request, "the device has been deactivated");
    }
    if (open == null) {
      open = connect(lease, deadline);
    }
    if (deadline.expired()) {
      throw unsent(
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
      for (InetAddress address : resolver.resolve(way.host(), time)) {
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
    String message = "cannot connect to " + name + ": " + words(failure, lease);
    throw failure instanceof SecurityFailureException
        ? DriverException.security(message, failure)
        : DriverException.unreachable(message, failure);
  }

  private Link connect(Lease lease, InetAddress address, Deadline time) throws IOException {
    Link fresh = way.links().make(waits);
    // Seen by the thread that deactivates the device before it can block here; or that thread was
    // faster, and the lease is closed.
    connection = fresh;
    if (time.expired() || lease.closed()) {
      disconnect();
      throw new SocketTimeoutException("connect");
    }
    boolean connected = false;
    try {
      fresh.connect(address, way.port(), time);
      connected = true;
      connects.increment();
      return fresh;
    } finally {
      if (!connected) {
        disconnect();
      }
    }
  }

  /** Ends the exchange of a lease that is given up, if it has one under way. */
  void abandon(Lease lease) {
    if (lease.equals(current)) {
      closeSocket();
    }
  }

  /** Closes the connection, whoever uses it. */
  void closeSocket() {
    Link open = connection;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot close the connection to " + name, e);
      }
    }
  }

  /** Under the lock. */
  private void disconnect() {
    closeSocket();
    connection = null;
  }

  private static void count(byte[] answer, UnitCounters counters) {
    int exception = AnswerCheck.exceptionCode(answer);
    if (exception != 0) {
      counters.exception(exception);
    }
  }

  private DriverException failure(
      IOException e, Lease lease, int unit, PduRequest request, UnitCounters counters) {
    String where = name + " unit " + unit + ": ";
    if (e instanceof WrongAnswerException) {
      (e instanceof ChecksumException ? counters.checksumErrors : counters.wrongAnswers)
          .increment();
      return DriverException.wrongAnswer(
          where + "wrong answer to " + request.operation() + ": " + e.getMessage(), e);
    }
    if (e instanceof SocketTimeoutException) {
      counters.timeouts.increment();
      return DriverException.noAnswer(
          where + "no complete answer to " + request.operation() + " in time", e);
    }
    counters.lostConnections.increment();
    if (e instanceof SecurityFailureException) {
      return DriverException.security(
          where + "cannot " + request.operation() + ": " + words(e, lease), e);
    }
    if (e instanceof PortUnreachableException) {
      // The host has sent the request back: nothing there has taken it.
      return DriverException.unreachable(
          where + "cannot " + request.operation() + ": " + words(e, lease), e);
    }
    return DriverException.noAnswer(
        where + "no answer to " + request.operation() + ": " + words(e, lease), e);
  }

  private DriverException unsent(PduRequest request, String why) {
    return DriverException.unreachable(name + ": cannot " + request.operation() + ": " + why, null);
  }

  /** What happened, for people; the same words every time it happens. */
  private String words(IOException e, Lease lease) {
    if (lease.closed()) {
      return "the device has been deactivated";
    }
    if (e instanceof UnknownHostException) {
      return "the host name is not known";
    }
    if (e instanceof SocketTimeoutException) {
      return "no answer in time";
    }
    if (e instanceof PortUnreachableException) {
      return "nothing listens on this port";
    }
    if (e instanceof NoRouteToHostException) {
      return "no route to host";
    }
    if (e instanceof ConnectException) {
      return "connection refused: nothing listens there, or the device takes no further connection";
    }
    if (e instanceof EOFException) {
      return "the device closed the connection";
    }
    String message = e.getMessage();
    if (message != null && e instanceof ExplainedException) {
      return message;
    }
    return message == null ? e.getClass().getSimpleName() : message.toLowerCase(Locale.ROOT);
  }
}
