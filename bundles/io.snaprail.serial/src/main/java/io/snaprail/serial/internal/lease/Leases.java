package io.snaprail.serial.internal.lease;

import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialPortInfo;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.serial.internal.local.PortList;
import io.snaprail.serial.internal.local.PortNames;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Who holds which port. Safe for any thread. */
public final class Leases {
  private final LinkOpener opener;
  private final PortNames names;
  private final PortList list;
  private final BiConsumer<String, Optional<PortList.Entry>> listener;
  // Guarded by this.
  private final Set<Lease> leases = new LinkedHashSet<>();
  private boolean closed;

  /**
   * No leases yet.
   *
   * @param listener told the name of a local port with its device when it is opened, and with
   *     nothing when it ends
   */
  public Leases(
      LinkOpener opener,
      PortNames names,
      PortList list,
      BiConsumer<String, Optional<PortList.Entry>> listener) {
    this.opener = opener;
    this.names = names;
    this.list = list;
    this.listener = listener;
  }

  /** As {@link io.snaprail.api.serial.SerialPorts#lease}. */
  public synchronized SerialLease take(SerialSettings settings, String holder)
      throws SerialException {
    if (closed) {
      throw new SerialException(Kind.CLOSED, "the service of the serial ports has ended");
    }
    for (Lease other : leases) {
      if (same(settings.address(), other.settings().address())) {
        throw held(settings.address().toString(), other);
      }
    }
    Lease lease = new Lease(this, opener, settings, holder);
    leases.add(lease);
    return lease;
  }

  private boolean same(SerialAddress one, SerialAddress other) {
    if (one instanceof SerialAddress.Local first && other instanceof SerialAddress.Local second) {
      Optional<Path> device = names.find(first.name());
      return first.name().equals(second.name())
          || (device.isPresent() && device.equals(names.find(second.name())));
    }
    // The same server is the same line, whichever way it is spoken to.
    return endpoint(one).isPresent() && endpoint(one).equals(endpoint(other));
  }

  private static Optional<String> endpoint(SerialAddress address) {
    if (address instanceof SerialAddress.Tcp tcp) {
      return Optional.of(tcp.host() + ":" + tcp.port());
    }
    if (address instanceof SerialAddress.Rfc2217 remote) {
      return Optional.of(remote.host() + ":" + remote.port());
    }
    return Optional.empty();
  }

  private static SerialException held(String port, Lease other) {
    String alias = port.equals(other.port()) ? "" : " as " + other.port();
    return new SerialException(
        Kind.IN_USE,
        "%s: the port is held by '%s'%s. One line has one holder: stop that one, or use another port."
            .formatted(port, other.holder(), alias));
  }

  /** A device may have come back under a name that it did not have when the leases were given. */
  synchronized void claim(Lease lease, Path device) throws SerialException {
    for (Lease other : leases) {
      if (other != lease && device.equals(other.device())) {
        throw held(lease.port(), other);
      }
    }
    lease.device(device);
  }

  void connected(Lease lease) {
    Path device = lease.device();
    if (device != null) {
      listener.accept(lease.port(), Optional.of(list.entry(device)));
    }
  }

  void ended(Lease lease) {
    lease.device(null);
    listener.accept(lease.port(), Optional.empty());
  }

  synchronized void returned(Lease lease) {
    leases.remove(lease);
  }

  /** Closes every lease; none is given from now on. */
  public void close() {
    List<Lease> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(leases);
    }
    all.forEach(Lease::close);
  }

  /** As {@link io.snaprail.api.serial.SerialPorts#ports}. */
  public List<SerialPortInfo> ports() {
    List<Lease> held;
    synchronized (this) {
      held = new ArrayList<>(leases);
    }
    List<SerialPortInfo> infos = new ArrayList<>();
    for (PortList.Entry entry : list.entries()) {
      Optional<Lease> lease =
          held.stream().filter(each -> entry.device().equals(deviceOf(each))).findFirst();
      lease.ifPresent(held::remove);
      infos.add(local(entry.name(), entry, lease));
    }
    held.forEach(lease -> infos.add(unlisted(lease)));
    infos.sort(Comparator.comparing(SerialPortInfo::name));
    return List.copyOf(infos);
  }

  private @Nullable Path deviceOf(Lease lease) {
    Path open = lease.device();
    if (open != null || !(lease.settings().address() instanceof SerialAddress.Local local)) {
      return open;
    }
    return names.find(local.name()).orElse(null);
  }

  private SerialPortInfo unlisted(Lease lease) {
    Path device = deviceOf(lease);
    if (device != null) {
      return local(lease.port(), list.entry(device), Optional.of(lease));
    }
    boolean remote = !(lease.settings().address() instanceof SerialAddress.Local);
    return new SerialPortInfo(
        lease.port(),
        "",
        List.of(),
        "",
        remote && lease.connected(),
        lease.connected(),
        lease.holder(),
        0);
  }

  private static SerialPortInfo local(String name, PortList.Entry entry, Optional<Lease> lease) {
    return new SerialPortInfo(
        name,
        entry.device().toString(),
        entry.aliases(),
        entry.description(),
        true,
        lease.map(Lease::connected).orElse(false),
        lease.map(Lease::holder).orElse(""),
        entry.latencyMs());
  }
}
