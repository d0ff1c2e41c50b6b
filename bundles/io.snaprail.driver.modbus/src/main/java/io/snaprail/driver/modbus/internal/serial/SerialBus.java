package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialPorts;
import io.snaprail.driver.modbus.internal.connection.UnitCounters;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ChecksumException;
import io.snaprail.driver.modbus.internal.transport.LineCost;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.UnitReport;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One port and the devices on it. The port is leased when it is first needed and opened when it is
 * not open; only the port service closes it, when it was lost. The core calls the devices of a bus
 * one after another; a lock keeps it so when a device and its successor overlap for a moment.
 */
final class SerialBus {
  private static final int LONGEST_ECHO = 5;

  private final String address;
  private final Supplier<@Nullable SerialPorts> ports;
  private final BiConsumer<String, Boolean> keptBack;
  private final Map<Integer, UnitCounters> units = new ConcurrentHashMap<>();
  private final ReentrantLock lane = new ReentrantLock();

  /** Devices in the order in which they came: the first one decides. Guarded by itself. */
  private final List<SerialTransport> members = new ArrayList<>();

  /** A lease and who gave it. */
  private record Leased(SerialPorts by, SerialWish wish, SerialLease lease) {}

  /** Written under the lock; read by whoever closes. */
  private volatile @Nullable Leased leased;

  /** Whose exchange is under way. */
  private volatile @Nullable SerialTransport current;

  private volatile boolean closed;

  /** Of one lease. Written under the lock. */
  private volatile @Nullable SerialExchanges exchanges;

  /** Of one connection. Guarded by the lock. */
  private @Nullable SerialLine line;

  /**
   * A bus that nobody is on yet.
   *
   * @param ports the port service, if it is there
   * @param keptBack told the port and whether its adapter keeps bytes back
   */
  SerialBus(
      String address, Supplier<@Nullable SerialPorts> ports, BiConsumer<String, Boolean> keptBack) {
    this.address = address;
    this.ports = ports;
    this.keptBack = keptBack;
  }

  String address() {
    return address;
  }

  Map<Integer, UnitCounters> units() {
    return new TreeMap<>(units);
  }

  UnitReport report(int unit) {
    return Objects.requireNonNullElseGet(units.get(unit), UnitCounters::new).report(leased != null);
  }

  void identified(int unit, SortedMap<Integer, String> objects) {
    counters(unit).identified(objects);
  }

  private UnitCounters counters(int unit) {
    return units.computeIfAbsent(unit, u -> new UnitCounters());
  }

  void add(SerialTransport member) {
    synchronized (members) {
      members.add(member);
    }
  }

  /** Whether it was the last. */
  boolean remove(SerialTransport member) {
    synchronized (members) {
      members.remove(member);
      return members.isEmpty();
    }
  }

  /** What a read from a unit costs; safe for any thread. */
  LineCost cost(int unit) {
    SerialExchanges present = exchanges;
    return present == null ? LineCost.UNKNOWN : present.cost(unit);
  }

  /** How the line is used: as the first device wants it. */
  @Nullable SerialWish wish() {
    synchronized (members) {
      return members.isEmpty() ? null : members.get(0).wish();
    }
  }

  /** Gives the port back, which ends an exchange that is under way. */
  void close() {
    closed = true;
    Leased held = leased;
    if (held != null) {
      held.lease().close();
    }
  }

  byte[] exchange(SerialTransport who, int unit, PduRequest request, Deadline deadline)
      throws DriverException {
    requireAgreement(who.wish());
    enter(who, request, deadline);
    current = who;
    try {
      UnitCounters counters = counters(unit);
      SerialLine open = opened(who, request, deadline);
      SerialExchanges talk = exchanges(who.wish());
      try {
        if (deadline.expired()) {
          throw new UnsentException(
              "no time left: raise timeout.ms, or let the device have fewer reads to do");
        }
        byte[] answer = exchange(talk, open, who, unit, request, deadline, counters);
        if (talk.latency().news()) {
          keptBack.accept(address, talk.latency().keepsBack());
        }
        return answer;
      } catch (IOException e) {
        throw failure(e, talk.sent(), who, unit, request, counters);
      }
    } finally {
      current = null;
      lane.unlock();
    }
  }

  private static byte[] exchange(
      SerialExchanges talk,
      SerialLine open,
      SerialTransport who,
      int unit,
      PduRequest request,
      Deadline deadline,
      UnitCounters counters)
      throws IOException {
    if (unit == SerialExchanges.BROADCAST) {
      counters.requests.increment();
      talk.broadcast(open, request, who.wish().turnaround(), deadline);
      return unanswered(request.pdu());
    }
    counters.requests.increment();
    long start = System.nanoTime();
    byte[] answer = talk.exchange(open, unit, request, deadline);
    counters.answered(System.nanoTime() - start);
    int exception = AnswerCheck.exceptionCode(answer);
    if (exception != 0) {
      counters.exception(exception);
    }
    return answer;
  }

  /** What a unit would have answered to a write that all units carry out and none confirms. */
  private static byte[] unanswered(byte[] pdu) {
    boolean many = pdu[0] == 15 || pdu[0] == 16;
    return Arrays.copyOf(pdu, many ? LONGEST_ECHO : pdu.length);
  }

  private void requireAgreement(SerialWish own) throws DriverException {
    SerialWish first = wish();
    if (first != null && !first.fits(own)) {
      throw DriverException.configuration(
          address
              + ": device '"
              + own.device()
              + "' is set to "
              + own.text()
              + ", but device '"
              + first.device()
              + "' on the same port to "
              + first.text()
              + ": expected the same for all devices on one line");
    }
  }

  private void enter(SerialTransport who, PduRequest request, Deadline deadline)
      throws DriverException {
    try {
      if (lane.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw unsent(
        request,
        who.closed() ? "the device has been deactivated" : "the line is in use by another device");
  }

  private SerialExchanges exchanges(SerialWish wish) {
    SerialExchanges present = exchanges;
    if (present == null) {
      present =
          new SerialExchanges(
              wish.mode().framing(),
              LineTiming.of(wish.port().line()),
              wish.port().address() instanceof SerialAddress.Local);
      exchanges = present;
    }
    return present;
  }

  private SerialLine opened(SerialTransport who, PduRequest request, Deadline deadline)
      throws DriverException {
    try {
      SerialConnection connection = lease(who, request).open(deadline);
      SerialLine present = line;
      if (present == null || !present.on(connection)) {
        present =
            new SerialLine(
                connection,
                LineTiming.of(who.wish().port().line()),
                who.wish().mode().brokenOff(),
                who.wish().port().suppressEcho(),
                this::unwanted);
        line = present;
        exchanges(who.wish()).latency().restart();
      }
      return present;
    } catch (SerialException e) {
      throw e.toDriverException(false);
    }
  }

  private boolean unwanted() {
    SerialTransport who = current;
    return closed || (who != null && who.closed());
  }

  private SerialLease lease(SerialTransport who, PduRequest request)
      throws DriverException, SerialException {
    if (unwanted()) {
      throw unsent(request, "the device has been deactivated");
    }
    SerialPorts service = ports.get();
    Leased held = leased;
    if (held != null && (held.by() != service || !held.wish().fits(who.wish()))) {
      held.lease().close();
      leased = null;
      line = null;
      exchanges = null;
      held = null;
    }
    if (service == null) {
      throw unsent(request, "the service of the serial ports (io.snaprail.serial) does not run");
    }
    if (held != null) {
      return held.lease();
    }
    String holder = "Modbus " + who.wish().mode().scheme().toUpperCase(Locale.ROOT);
    SerialLease lease = service.lease(who.wish().port(), holder);
    leased = new Leased(service, who.wish(), lease);
    if (closed) {
      lease.close();
    }
    return lease;
  }

  private DriverException failure(
      IOException e,
      boolean sent,
      SerialTransport who,
      int unit,
      PduRequest request,
      UnitCounters counters) {
    String where = address + " unit " + unit + ": ";
    if (e instanceof WrongAnswerException) {
      (e instanceof ChecksumException ? counters.checksumErrors : counters.wrongAnswers)
          .increment();
      String message = where + "wrong answer to " + request.operation() + ": " + e.getMessage();
      return sent
          ? DriverException.wrongAnswer(message, e)
          : DriverException.unreachable(message, e);
    }
    if (e instanceof SocketTimeoutException) {
      counters.timeouts.increment();
      return DriverException.noAnswer(
          where + "no complete answer to " + request.operation() + " in time", e);
    }
    if (e instanceof SilentUnitException) {
      counters.timeouts.increment();
      return DriverException.unreachable(where + "no answer in time", e);
    }
    if (e instanceof SerialFailure failure && !who.closed()) {
      counters.lostConnections.increment();
      return failure.told().toDriverException(sent);
    }
    String message = where + "cannot " + request.operation() + ": ";
    message += who.closed() ? "the device has been deactivated" : e.getMessage();
    return sent ? DriverException.noAnswer(message, e) : DriverException.unreachable(message, e);
  }

  private DriverException unsent(PduRequest request, String why) {
    return DriverException.unreachable(
        address + ": cannot " + request.operation() + ": " + why, null);
  }
}
