package io.snaprail.api.serial;

import io.snaprail.api.driver.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Ports that several devices of one driver use, such as the meters of a bus: one lease a port,
 * taken when it is needed first, given back when its last user has gone. A driver has one of these.
 * Safe for any thread; that devices of one bus talk one after another is the core's.
 */
public final class SharedPorts implements AutoCloseable {
  private final SerialPorts ports;
  private final String driver;

  /** Guarded by this, as is what the ports hold. */
  private final Map<SerialAddress, Shared> shared = new HashMap<>();

  /**
   * With no port in use.
   *
   * @param driver who takes the ports, as people know it, such as {@code M-Bus}
   */
  public SharedPorts(SerialPorts ports, String driver) {
    this.ports = ports;
    this.driver = driver;
  }

  /** A port and those who use it. */
  private static final class Shared {
    final List<Use> users = new ArrayList<>();
    @Nullable SerialLease lease;
    @Nullable Use current;
    @Nullable SerialConnection connection;
  }

  /**
   * Joins the users of a port. Opens nothing.
   *
   * @param settings port, line and echo; users may want different lines, each has its own while it
   *     talks
   */
  public synchronized Use join(SerialSettings settings) {
    Use use = new Use(settings);
    shared.computeIfAbsent(settings.address(), address -> new Shared()).users.add(use);
    return use;
  }

  /** One device's share of a port. */
  public final class Use implements AutoCloseable {
    private final SerialSettings settings;

    private Use(SerialSettings settings) {
      this.settings = settings;
    }

    /** Port and line. */
    public SerialSettings settings() {
      return settings;
    }

    /**
     * The open port, with the line of this user.
     *
     * @throws SerialException when it cannot be had; of kind CLOSED after {@link #close()}
     */
    public SerialConnection open(Deadline deadline) throws SerialException {
      SerialConnection connection = lease(this).open(deadline);
      if (!talks(this, connection)) {
        connection.close();
        throw gone();
      }
      connection.setLine(settings.line(), deadline);
      return connection;
    }

    private SerialException gone() {
      return new SerialException(
          SerialException.Kind.CLOSED, settings.address() + ": the device has been deactivated");
    }

    /** Leaves the port, and ends what this user does on it. Closing again does nothing. */
    @Override
    public void close() {
      leave(this);
    }
  }

  private synchronized SerialLease lease(Use use) throws SerialException {
    Shared port = shared.get(use.settings.address());
    if (port == null || !port.users.contains(use)) {
      throw use.gone();
    }
    SerialLease held = port.lease;
    if (held == null) {
      // Takes no lock of others and does no input or output.
      held = ports.lease(use.settings, driver);
      port.lease = held;
    }
    SerialSettings present = held.settings();
    if (!present.with(use.settings.line()).equals(use.settings)) {
      throw new SerialException(
          SerialException.Kind.SETTINGS,
          "%s: devices on one port must have the same 'echo' and 'rs485' settings; found two"
              .formatted(use.settings.address()));
    }
    return held;
  }

  private synchronized boolean talks(Use use, SerialConnection connection) {
    Shared port = shared.get(use.settings.address());
    if (port == null || !port.users.contains(use)) {
      return false;
    }
    port.current = use;
    port.connection = connection;
    return true;
  }

  private void leave(Use use) {
    SerialLease given = null;
    SerialConnection ended = null;
    synchronized (this) {
      Shared port = shared.get(use.settings.address());
      if (port == null || !port.users.remove(use)) {
        return;
      }
      if (port.users.isEmpty()) {
        shared.remove(use.settings.address());
        given = port.lease;
      } else if (use.equals(port.current)) {
        // It may be reading: that ends, and the next user opens the port anew.
        ended = port.connection;
        port.current = null;
      }
    }
    if (given != null) {
      given.close();
    }
    if (ended != null) {
      ended.close();
    }
  }

  /** Gives all ports back. */
  @Override
  public void close() {
    List<Use> left = new ArrayList<>();
    synchronized (this) {
      shared.values().forEach(port -> left.addAll(port.users));
    }
    left.forEach(Use::close);
  }
}
