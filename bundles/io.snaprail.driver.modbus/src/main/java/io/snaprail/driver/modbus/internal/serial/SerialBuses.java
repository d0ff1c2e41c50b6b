package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.serial.SerialPorts;
import io.snaprail.driver.modbus.internal.connection.UnitMetrics;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * The serial ports that Modbus devices use: one bus a port, kept as long as a device is on it. The
 * port service may come and go. Safe for any thread.
 */
@Component(service = {SerialBuses.class, MetricSource.class})
public final class SerialBuses implements MetricSource {
  /** Guarded by this. */
  private final Map<String, SerialBus> buses = new HashMap<>();

  private final AdapterProblems adapters = new AdapterProblems();
  private volatile @Nullable SerialPorts ports;

  /** Called by the framework. */
  @Activate
  public SerialBuses() {
    // Nothing is opened yet.
  }

  /**
   * A share of a port. Opens nothing yet. Devices that want a line otherwise than the first one on
   * it are told so when they use it, so that they work once the first has gone or was changed.
   */
  public synchronized ModbusTransport lease(SerialWish wish) {
    SerialBus bus =
        buses.computeIfAbsent(
            wish.address(), address -> new SerialBus(address, () -> ports, this::keptBack));
    SerialTransport transport = new SerialTransport(this, bus, wish);
    bus.add(transport);
    return transport;
  }

  void release(SerialTransport transport) {
    boolean last;
    synchronized (this) {
      last = transport.bus().remove(transport);
      if (last) {
        buses.remove(transport.bus().address());
      }
    }
    if (last) {
      transport.bus().close();
      adapters.forget(transport.bus().address());
    }
  }

  /** Called by the framework, after every device has given its share up. */
  @Deactivate
  public void deactivate() {
    List<SerialBus> left;
    synchronized (this) {
      left = List.copyOf(buses.values());
    }
    left.forEach(SerialBus::close);
    adapters.clear();
  }

  private void keptBack(String address, boolean keepsBack) {
    SerialPorts service = ports;
    if (keepsBack && service != null) {
      adapters.keepsBack(address, service.ports());
    } else {
      adapters.forget(address);
    }
  }

  @Override
  public void collect(Collector collector) {
    List<SerialBus> all;
    synchronized (this) {
      all = List.copyOf(buses.values());
    }
    List<UnitMetrics.Source> sources = new ArrayList<>();
    for (SerialBus bus : all) {
      SerialWish wish = bus.wish();
      if (wish != null) {
        sources.add(new UnitMetrics.Source(bus.address(), wish.mode().scheme(), true, bus.units()));
      }
    }
    UnitMetrics.collect(collector, sources);
  }

  /** Called by the framework. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      unbind = "unbindPorts")
  public void bindPorts(SerialPorts added) {
    ports = added;
  }

  /** Called by the framework. */
  public void unbindPorts(SerialPorts removed) {
    if (ports == removed) {
      ports = null;
    }
  }

  /** Called by the framework. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY,
      unbind = "unbindBoard")
  public void bindBoard(ProblemBoard added) {
    adapters.board(added);
  }

  /** Called by the framework. */
  public void unbindBoard(ProblemBoard removed) {
    adapters.noBoard(removed);
  }
}
