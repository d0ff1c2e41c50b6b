package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.transport.LineCost;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.UnitReport;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A connection that devices share, and what happened on it. Safe for any thread. */
abstract class SharedConnection {
  final LongAdder connects = new LongAdder();
  final LongAdder connectFailures = new LongAdder();

  private final Way way;
  private final Services services;
  private final Failures failures;
  private final Map<Integer, UnitCounters> units = new ConcurrentHashMap<>();

  SharedConnection(Way way, Services services) {
    this.way = way;
    this.services = services;
    this.failures = new Failures(way.name());
  }

  final Way way() {
    return way;
  }

  final Services services() {
    return services;
  }

  final Failures failures() {
    return failures;
  }

  final Protocol protocol() {
    return way.protocol();
  }

  /** Host and port, for messages. */
  final String name() {
    return way.name();
  }

  /** Host, port and variant, for figures. */
  final String label() {
    return way.name() + way.variant();
  }

  final String bus() {
    return way.bus();
  }

  final Map<Integer, UnitCounters> units() {
    return new TreeMap<>(units);
  }

  final UnitCounters counters(int unit) {
    return units.computeIfAbsent(unit, u -> new UnitCounters());
  }

  final UnitReport report(int unit) {
    return Objects.requireNonNullElseGet(units.get(unit), UnitCounters::new).report(connected());
  }

  final void identified(int unit, SortedMap<Integer, String> objects) {
    counters(unit).identified(objects);
  }

  final LineCost cost(int unit) {
    @Nullable UnitCounters counters = units.get(unit);
    return counters == null ? LineCost.UNKNOWN : counters.roundTrips.cost();
  }

  /** Sends a request for a lease and waits for its answer. */
  abstract byte[] exchange(Lease lease, int unit, PduRequest request, Times times)
      throws DriverException;

  /** Whether it is open. */
  abstract boolean connected();

  /** A lease needs nothing for now. */
  abstract void rest(Lease lease);

  /** Ends what a lease that is given up has under way. */
  abstract void abandon(Lease lease);

  /** Closes the connection, whoever uses it. */
  abstract void closeSocket();
}
