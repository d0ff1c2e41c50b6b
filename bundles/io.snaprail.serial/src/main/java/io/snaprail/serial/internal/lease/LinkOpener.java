package io.snaprail.serial.internal.lease;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.serial.internal.link.EchoFilter;
import io.snaprail.serial.internal.link.Link;
import io.snaprail.serial.internal.link.Rfc2217Link;
import io.snaprail.serial.internal.link.TcpLink;
import io.snaprail.serial.internal.local.LocalOpener;
import io.snaprail.serial.internal.local.LocalOpener.Claim;
import java.util.function.BooleanSupplier;

/** Opens the way to a port, whatever it leads through. */
public final class LinkOpener {
  private final LocalOpener local;

  /** Opens local ports with the given opener. */
  public LinkOpener(LocalOpener local) {
    this.local = local;
  }

  Link open(SerialSettings settings, Claim claim, Deadline deadline, BooleanSupplier unwanted)
      throws SerialException {
    String port = settings.address().toString();
    Link link = way(settings, claim, deadline, unwanted);
    return settings.suppressEcho() ? new EchoFilter(port, link) : link;
  }

  private Link way(
      SerialSettings settings, Claim claim, Deadline deadline, BooleanSupplier unwanted)
      throws SerialException {
    SerialAddress address = settings.address();
    String port = address.toString();
    if (address instanceof SerialAddress.Tcp tcp) {
      return TcpLink.connect(port, tcp.host(), tcp.port(), deadline, unwanted);
    }
    if (address instanceof SerialAddress.Rfc2217 remote) {
      Link stream = TcpLink.connect(port, remote.host(), remote.port(), deadline, unwanted);
      boolean done = false;
      try {
        Link link = Rfc2217Link.open(port, stream, settings.line(), deadline, unwanted);
        done = true;
        return link;
      } finally {
        if (!done) {
          stream.close();
        }
      }
    }
    return local.open(((SerialAddress.Local) address).name(), settings, claim, deadline);
  }
}
