package io.snaprail.driver.serial.internal.line;

import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialPorts;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The lines of this bundle, one a port, kept as long as somebody uses them. For any thread. */
@Component(service = SerialLines.class)
public final class SerialLines {
  private final SerialPorts ports;

  /** Guarded by this. */
  private final Map<SerialAddress, SerialLine> lines = new HashMap<>();

  /** Called by the framework. */
  @Activate
  public SerialLines(@Reference SerialPorts ports) {
    this.ports = ports;
  }

  /**
   * Joins the users of a port. Opens nothing.
   *
   * @param listener hears what comes, when the device only listens; else null
   */
  public LineUse join(LineSpec spec, @Nullable Listener listener) {
    SerialLine line;
    LineUse use;
    synchronized (this) {
      line = lines.computeIfAbsent(spec.serial().address(), a -> new SerialLine(ports, a));
      use = new LineUse(this, line, spec, listener);
      line.join(use);
    }
    line.usersChanged();
    return use;
  }

  /**
   * Why somebody cannot join those who use a port now; empty when it can. Whoever only tries
   * something asks before, as joining all the same would stop the others.
   */
  public String conflict(LineSpec newcomer) {
    SerialLine line = find(newcomer.serial().address());
    return line == null ? "" : line.conflict(newcomer);
  }

  void leave(LineUse use) {
    SerialLine line = use.line();
    boolean last;
    synchronized (this) {
      last = line.leave(use);
      if (last) {
        lines.remove(use.spec().serial().address(), line);
      }
    }
    line.usersChanged();
  }

  /** The line at a port, if somebody uses it. */
  public synchronized @Nullable SerialLine find(SerialAddress address) {
    return lines.get(address);
  }

  /** Called by the framework, after every device has left. */
  @Deactivate
  public synchronized void deactivate() {
    lines.values().forEach(SerialLine::close);
    lines.clear();
  }
}
