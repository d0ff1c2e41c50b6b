package io.snaprail.driver.serial.internal.line;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialPorts;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One port. Those who ask on it do so one after another, as the core sees to; for those who listen
 * a thread reads. Which of both is for all users of the port the same.
 *
 * <p>A lease is taken when the port is needed first and kept while its users agree on the settings
 * of the line. Safe for any thread.
 */
public final class SerialLine {
  private final SerialPorts ports;
  private final SerialAddress address;
  private final List<Tap> taps = new CopyOnWriteArrayList<>();
  private final Exchange exchange = new Exchange(this);

  // All below is guarded by this.
  private final List<LineUse> users = new ArrayList<>();
  private @Nullable SerialLease lease;
  private @Nullable SerialConnection prepared;
  private final Set<ByteBuffer> sentPreambles = new HashSet<>();
  private @Nullable LineReader reader;

  SerialLine(SerialPorts ports, SerialAddress address) {
    this.ports = ports;
    this.address = address;
  }

  /** Where it is. */
  public SerialAddress address() {
    return address;
  }

  /** Begins to hear everything. */
  public void add(Tap tap) {
    taps.add(tap);
  }

  /** Hears nothing any more. */
  public void remove(Tap tap) {
    taps.remove(tap);
  }

  void told(boolean sent, byte[] bytes, int offset, int length) {
    if (length == 0) {
      return;
    }
    for (Tap tap : taps) {
      tap.bytes(sent, bytes, offset, length);
    }
  }

  synchronized void join(LineUse use) {
    users.add(use);
  }

  /** Whether that was the last one. */
  synchronized boolean leave(LineUse use) {
    users.remove(use);
    return users.isEmpty();
  }

  /** Whether its users only listen. */
  public synchronized boolean listening() {
    return !users.isEmpty() && users.get(0).spec().listening();
  }

  synchronized List<Listener> listeners() {
    List<Listener> listeners = new ArrayList<>();
    for (LineUse use : users) {
      Listener listener = use.listener();
      if (listener != null) {
        listeners.add(listener);
      }
    }
    return listeners;
  }

  /** Starts or ends the reader; lets the lease go when its settings are not wanted any more. */
  void usersChanged() {
    LineReader ended = null;
    SerialLease given = null;
    synchronized (this) {
      boolean reads = listening() && conflict().isEmpty();
      if (reads && reader == null) {
        reader = new LineReader(this);
        reader.start();
      } else if (!reads && reader != null) {
        ended = reader;
        reader = null;
      }
      boolean wanted = !users.isEmpty() && conflict().isEmpty();
      SerialLease held = lease;
      if (held != null && (!wanted || !held.settings().equals(users.get(0).spec().serial()))) {
        given = held;
        lease = null;
        prepared = null;
      }
    }
    if (given != null) {
      given.close();
    }
    if (ended != null) {
      ended.end();
    }
  }

  void close() {
    synchronized (this) {
      users.clear();
    }
    usersChanged();
  }

  /** Why a newcomer cannot share it with those who use it now; empty when it can. */
  synchronized String conflict(LineSpec newcomer) {
    for (LineUse use : users) {
      String conflict = use.spec().conflict(newcomer);
      if (!conflict.isEmpty()) {
        return conflict;
      }
    }
    return "";
  }

  /** Why its users cannot share it; empty when they can. */
  private synchronized String conflict() {
    for (LineUse use : users) {
      String conflict = users.get(0).spec().conflict(use.spec());
      if (!conflict.isEmpty()) {
        return conflict;
      }
    }
    return "";
  }

  /**
   * The open port, after its users' opening sequences have been sent, once for each connection.
   *
   * @throws DriverException when the port cannot be had, or its users do not agree
   */
  SerialConnection open(Deadline deadline) throws DriverException {
    try {
      SerialConnection connection = leased().open(deadline);
      List<LineSpec.Preamble> preambles = missing(connection);
      for (LineSpec.Preamble preamble : preambles) {
        send(connection, preamble.bytes(), deadline);
        hear(connection, deadline.orIn(Duration.ofMillis(preamble.pauseMs())));
        synchronized (this) {
          sentPreambles.add(ByteBuffer.wrap(preamble.bytes()));
        }
      }
      if (!preambles.isEmpty()) {
        connection.discardInput();
      }
      return connection;
    } catch (SerialException e) {
      throw e.toDriverException(false);
    }
  }

  /** What its users want to be sent first, and has not been since the connection was opened. */
  private synchronized List<LineSpec.Preamble> missing(SerialConnection connection) {
    if (!connection.equals(prepared)) {
      prepared = connection;
      sentPreambles.clear();
    }
    Set<ByteBuffer> seen = new HashSet<>(sentPreambles);
    return users.stream()
        .flatMap(use -> use.spec().init().stream())
        .filter(preamble -> seen.add(ByteBuffer.wrap(preamble.bytes())))
        .toList();
  }

  private SerialLease leased() throws DriverException, SerialException {
    synchronized (this) {
      String conflict = conflict();
      if (!conflict.isEmpty()) {
        throw DriverException.configuration(conflict);
      }
      if (users.isEmpty()) {
        throw DriverException.unreachable(address + ": the device has been deactivated", null);
      }
      SerialLease held = lease;
      if (held == null) {
        LineSpec first = users.get(0).spec();
        // Takes no lock of others and does no input or output.
        held = ports.lease(first.serial(), "serial device '" + first.holder() + "'");
        lease = held;
      }
      return held;
    }
  }

  /** Sends, and tells the taps. */
  void send(SerialConnection connection, byte[] bytes, Deadline deadline) throws SerialException {
    if (bytes.length > 0) {
      connection.write(bytes, deadline);
    }
    told(true, bytes, 0, bytes.length);
  }

  /** Lets what comes until a time go by. */
  void hear(SerialConnection connection, Deadline until) throws SerialException {
    byte[] buffer = new byte[256];
    while (!until.expired()) {
      told(false, buffer, 0, connection.read(buffer, until));
    }
  }

  /**
   * Sends a request once, and hears until its answer is complete or the deadline over. For lines on
   * which nobody only listens.
   *
   * @throws DriverException when the port cannot be had, the request not be sent, or its echo is
   *     another
   */
  public void exchange(Request request, Answer answer, Deadline deadline) throws DriverException {
    exchange.run(request, answer, deadline);
  }

  /**
   * Sends something without waiting for an answer, whoever uses the line.
   *
   * @throws DriverException when it could not be sent as a whole
   */
  public void send(byte[] bytes, Deadline deadline) throws DriverException {
    SerialConnection connection = open(deadline);
    try {
      send(connection, bytes, deadline);
    } catch (SerialException e) {
      throw e.toDriverException(true);
    }
  }

  /**
   * Hears for a while; only the taps are told. For lines on which nobody only listens.
   *
   * @param open longest time to open the port
   * @throws DriverException when the port cannot be had, or was lost
   */
  public void listen(Duration time, Duration open) throws DriverException {
    SerialConnection connection = open(Deadline.in(open));
    try {
      hear(connection, Deadline.in(time));
    } catch (SerialException e) {
      throw e.toDriverException(false);
    }
  }

  /** Why nothing is heard; empty when the port is open and read. */
  public synchronized String trouble() {
    String conflict = conflict();
    if (!conflict.isEmpty()) {
      return conflict;
    }
    LineReader reading = reader;
    return reading == null ? address + " is not read" : reading.trouble();
  }
}
