package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.ModbusUnit;
import io.snaprail.driver.modbus.internal.Refusals;
import io.snaprail.driver.modbus.internal.Settings;
import io.snaprail.driver.modbus.internal.TcpConfig;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.connection.Protocol;
import io.snaprail.driver.modbus.internal.connection.Way;
import io.snaprail.driver.modbus.internal.tools.Target;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentException;

/**
 * A device with a host and a port. Devices with the same protocol, host and port share one
 * connection, whatever their units, as some devices accept no second one; or a few, where told so.
 */
abstract class NetworkDevice implements Target, Inspectable {
  /** Followed by the scheme of the protocol. */
  static final String PIDS = "io.snaprail.driver.modbus.";

  /** What a device with good settings has. */
  private record Link(String bus, ModbusUnit unit, Access access) {}

  private final @Nullable Link link;
  private final String wrong;

  /** How a device differs from one that is known by its host and port alone. */
  interface Access {
    /**
     * How it is reached.
     *
     * @param number tells the connection from others to the same host and port; may be empty
     * @throws IllegalArgumentException when a setting is wrong: key, expected, found
     */
    Way way(Settings settings, String number);

    /** The port when none is configured. */
    default int usualPort() {
      return 502;
    }

    /** What is known of the connection beside what is known of every one. Safe for any thread. */
    default List<Inspection.Fact> facts() {
      return List.of();
    }

    /** See {@link Refusals}. */
    default Refusals refusals() {
      return Refusals.PLAIN;
    }
  }

  /** Connects to nothing. Wrong settings are told by {@link #bus()}, as the API asks. */
  NetworkDevice(
      Protocol protocol,
      TcpConfig config,
      Map<String, Object> properties,
      ConnectionPool connections) {
    this(
        (settings, number) -> Way.of(protocol, settings.host(), settings.port(), number),
        config,
        properties,
        connections);
  }

  /** The same for a device that is reached in a way of its own. */
  NetworkDevice(
      Access access, TcpConfig config, Map<String, Object> properties, ConnectionPool connections) {
    Link made = null;
    String message = "";
    try {
      made = link(access, Settings.of(access.usualPort(), config, properties), connections);
    } catch (IllegalArgumentException | ComponentException e) {
      message = String.valueOf(e.getMessage());
    }
    link = made;
    wrong = message;
  }

  private static Link link(Access access, Settings settings, ConnectionPool connections) {
    int number = settings.connection().number();
    Way way = access.way(settings, number == 1 ? "" : "#" + number);
    if (way.protocol() != Protocol.TCP && settings.connection().outstanding() > 1) {
      throw new IllegalArgumentException(
          "max.outstanding: expected 1, as only Modbus TCP can have more, found "
              + settings.connection().outstanding());
    }
    ModbusTransport transport = connections.lease(way, settings.connection());
    return new Link(
        way.bus(), new ModbusUnit(transport, settings.unit(), access.refusals()), access);
  }

  private Link link() {
    if (link == null) {
      throw new IllegalArgumentException(wrong);
    }
    return link;
  }

  @Override
  public final String bus() {
    return link().bus();
  }

  @Override
  public final ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    return link().unit().compile(points, errors);
  }

  @Override
  public final void checkWritable(List<PointDefinition> points, PointErrors errors) {
    link().unit().checkWritable(points, errors);
  }

  @Override
  public final void write(PointDefinition point, Value raw, Deadline deadline)
      throws DriverException {
    link().unit().write(point, raw, deadline);
  }

  @Override
  public final Inspection inspect() {
    Inspection own = link().unit().inspect(bus());
    List<Inspection.Fact> facts = new ArrayList<>(own.facts());
    facts.addAll(link().access().facts());
    return new Inspection(facts, own.figures(), own.reads());
  }

  @Override
  public final ModbusUnit unit() {
    return link().unit();
  }

  /** Ends a call that is under way. */
  @Override
  public final void close() {
    if (link != null) {
      link.unit().close();
    }
  }
}
