package io.snaprail.serial;

import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialPortInfo;
import io.snaprail.api.serial.SerialPorts;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.serial.internal.lease.Leases;
import io.snaprail.serial.internal.lease.LinkOpener;
import io.snaprail.serial.internal.local.LocalOpener;
import io.snaprail.serial.internal.local.NativeLibrary;
import io.snaprail.serial.internal.local.PortList;
import io.snaprail.serial.internal.local.PortNames;
import java.nio.file.Path;
import java.util.List;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * The {@link SerialPorts} service. Owns no thread: each holder's own threads read and write. Loads
 * the native library, from {@code <data>/native}, when the first local port is opened.
 */
@Component(service = SerialPorts.class)
public final class SerialPortsComponent implements SerialPorts {
  private final PortProblems problems = new PortProblems();
  private final Leases leases;

  /** Opens nothing yet. */
  @Activate
  public SerialPortsComponent(BundleContext context) {
    this(folder(context), Path.of("/sys"), Path.of("/dev"));
  }

  SerialPortsComponent(Path nativeFolder, Path system, Path devices) {
    PortList list = new PortList(system, devices);
    PortNames names = new PortNames(devices, list);
    NativeLibrary library = new NativeLibrary(nativeFolder, problems::library);
    LinkOpener opener = new LinkOpener(new LocalOpener(library, names));
    leases = new Leases(opener, names, list, problems::port);
  }

  static Path folder(BundleContext context) {
    String data = context.getProperty(RuntimeProperties.DATA_DIR);
    if (data == null || data.isBlank()) {
      throw new IllegalStateException(
          "Framework property "
              + RuntimeProperties.DATA_DIR
              + " is not set: the launcher must name the data folder");
    }
    return Path.of(data).toAbsolutePath().resolve("native");
  }

  @Deactivate
  void deactivate() {
    leases.close();
    problems.clear();
  }

  @Override
  public SerialLease lease(SerialSettings settings, String holder) throws SerialException {
    return leases.take(settings, holder);
  }

  @Override
  public List<SerialPortInfo> ports() {
    return leases.ports();
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindBoard")
  void bindBoard(ProblemBoard added) {
    problems.board(added);
  }

  void unbindBoard(ProblemBoard removed) {
    problems.noBoard(removed);
  }
}
