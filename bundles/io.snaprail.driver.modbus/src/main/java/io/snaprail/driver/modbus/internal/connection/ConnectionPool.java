package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.health.MetricSource;
import io.snaprail.driver.modbus.internal.nio.IoLoop;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The connections of this bundle: one a protocol, host and port, kept as long as a device has a
 * lease on it. Safe for any thread.
 */
@Component(service = {ConnectionPool.class, MetricSource.class})
public final class ConnectionPool implements MetricSource {
  private final Services services;

  /** Guarded by this. */
  private final Map<String, SharedConnection> endpoints = new HashMap<>();

  /** How many leases each has. Guarded by this. */
  private final Map<SharedConnection, Integer> leases = new HashMap<>();

  /** Called by the framework. */
  @Activate
  public ConnectionPool() {
    this(Waits.USUAL);
  }

  /** For tests. */
  public ConnectionPool(Waits waits) {
    this.services = new Services(new HostResolver(), new IoLoop(), waits);
  }

  /**
   * A share of the connection on a way. Connects to nothing yet.
   *
   * @param settings how it is used
   */
  public synchronized ModbusTransport lease(Way way, ConnectionSettings settings) {
    SharedConnection shared =
        endpoints.computeIfAbsent(
            way.bus(),
            bus ->
                way.protocol() == Protocol.TCP
                    ? new TcpEndpoint(way, services)
                    : new Endpoint(way, services));
    leases.merge(shared, 1, Integer::sum);
    return shared instanceof TcpEndpoint tcp
        ? new AsyncLease(this, tcp, settings)
        : new Lease(this, shared, settings);
  }

  void release(SharedConnection shared) {
    boolean last;
    synchronized (this) {
      last =
          leases.merge(shared, -1, (held, given) -> held + given == 0 ? null : held + given)
              == null;
      if (last) {
        endpoints.remove(shared.bus());
      }
    }
    if (last) {
      shared.closeSocket();
    }
  }

  /** Called by the framework, after every device has given its lease up. */
  @Deactivate
  public void deactivate() {
    services.resolver().close();
    List<SharedConnection> left;
    synchronized (this) {
      left = List.copyOf(endpoints.values());
    }
    left.forEach(SharedConnection::closeSocket);
    services.loop().close();
  }

  @Override
  public void collect(Collector collector) {
    List<SharedConnection> all;
    synchronized (this) {
      all = new ArrayList<>(endpoints.values());
    }
    for (SharedConnection e : all) {
      count(collector, e, "connects", "Connections opened.", e.connects);
      count(
          collector, e, "connect_failures", "Connections that failed to open.", e.connectFailures);
    }
    UnitMetrics.collect(
        collector,
        all.stream()
            .map(
                e ->
                    new UnitMetrics.Source(
                        e.label(), e.protocol().scheme(), e.protocol().checksum(), e.units()))
            .toList());
  }

  private static void count(
      Collector collector, SharedConnection endpoint, String what, String help, LongAdder count) {
    collector.counter(
        "snaprail_modbus_" + what + "_total",
        help,
        (double) count.sum(),
        "endpoint",
        endpoint.label(),
        "transport",
        endpoint.protocol().scheme());
  }
}
