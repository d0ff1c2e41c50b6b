package io.snaprail.core.internal.registry;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.runtime.RegisterMaps;
import io.snaprail.core.internal.points.MapFault;
import io.snaprail.core.internal.points.MapText;
import io.snaprail.core.internal.points.MapWriter;
import io.snaprail.core.internal.points.RegisterMap;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The register maps as everyone else sees them. */
@Component(service = RegisterMaps.class)
public final class RegisterMapsService implements RegisterMaps {
  private static final Logger LOG = LoggerFactory.getLogger(RegisterMapsService.class);

  /** In place of a file's name in {@link MapFault#where}, which is left out of a check. */
  private static final String CHECKED = "map";

  private final DeviceRegistry registry;
  private final Maps maps;
  private final AtomicReference<@Nullable AuditLog> audit = new AtomicReference<>();

  /** The maps of the devices of a registry. */
  @Activate
  public RegisterMapsService(@Reference DeviceRegistry registry) {
    this.registry = registry;
    this.maps = registry.maps();
  }

  /** Optional and replaceable: maps can be read before the audit log is there, but not changed. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindAudit(AuditLog log) {
    audit.set(log);
  }

  void unbindAudit(AuditLog log) {
    audit.compareAndSet(log, null);
  }

  @Override
  public List<MapInfo> list() {
    List<String> own = maps.ownNames();
    List<MapInfo> infos = new ArrayList<>();
    for (String name : own) {
      add(infos, name, maps.own(name), false, users(name));
    }
    for (String name : maps.readyNames()) {
      add(infos, name, maps.ready(name), true, own.contains(name) ? List.of() : users(name));
    }
    infos.sort(Comparator.comparing(MapInfo::name).thenComparing(MapInfo::ready));
    return List.copyOf(infos);
  }

  private static void add(
      List<MapInfo> infos,
      String name,
      Maps.@Nullable Found found,
      boolean ready,
      List<String> by) {
    if (found == null) {
      return; // It went while the folder was listed.
    }
    RegisterMap map = found.read();
    infos.add(
        new MapInfo(
            name,
            map.notes().title(),
            map.notes().source(),
            map.notes().notes(),
            ready,
            map.points().size(),
            map.faults().size(),
            by));
  }

  private List<String> users(String map) {
    return registry.all().stream()
        .filter(device -> device.settings().map().equals(map))
        .map(ManagedDevice::name)
        .toList();
  }

  @Override
  public String read(String name) throws IOException {
    Maps.Found found = maps.find(name);
    if (found == null) {
      throw new IOException(maps.missing(name));
    }
    if (Files.size(found.file()) > MAX_BYTES) {
      throw new IOException(found.shown() + " is larger than " + MAX_BYTES + " bytes");
    }
    return decode(Files.readAllBytes(found.file()));
  }

  @Override
  public String decode(byte[] file) throws IOException {
    try {
      return MapText.decode(file);
    } catch (MapText.NoTextException e) {
      throw new IOException("the file " + e.getMessage(), e);
    }
  }

  @Override
  public Check check(String text) {
    return check(RegisterMap.parse(text, CHECKED));
  }

  private static Check check(RegisterMap map) {
    return new Check(
        map.points().stream().map(RegisterMapsService::row).toList(),
        map.faults().stream()
            .map(fault -> new RowError(fault.where().line(), fault.column(), fault.message()))
            .toList());
  }

  private static Row row(PointDefinition point) {
    return new Row(
        point.origin().line(),
        point.name(),
        point.address(),
        point.type(),
        point.unit(),
        point.description());
  }

  @Override
  public Check save(String name, String text, String actor) throws IOException {
    var file = maps.own().file(name);
    byte[] bytes = MapText.encode(text);
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "expected at most " + MAX_BYTES + " bytes, found " + bytes.length);
    }
    Check check = check(text);
    audited(name, actor, "save", () -> AtomicFile.write(file, bytes, AtomicFile.PUBLIC));
    return check;
  }

  @Override
  public void delete(String name, String actor) throws IOException {
    var file = maps.own().file(name);
    if (maps.own(name) == null) {
      throw new IOException(
          maps.ready(name) == null
              ? maps.missing(name)
              : "'" + name + "' is a ready map, which cannot be deleted");
    }
    List<String> users = users(name);
    if (!users.isEmpty() && maps.ready(name) == null) {
      throw new IllegalStateException(
          "the map '"
              + name
              + "' is in use by "
              + String.join(", ", users)
              + ": give the device another one first");
    }
    audited(name, actor, "delete", () -> AtomicFile.delete(file));
  }

  @Override
  public String export(String device) throws IOException {
    ManagedDevice found = registry.find(device);
    if (found == null) {
      throw new IOException("there is no device '" + device + "'");
    }
    RegisterMap map = maps.load(found.settings(), found.shown());
    return MapWriter.write("points of " + device, map.points());
  }

  private interface Change {
    void run() throws IOException;
  }

  /** Changes something only when the audit log has it. */
  private void audited(String name, String actor, String what, Change change) throws IOException {
    record(name, actor, "attempt", what);
    String outcome = "failed";
    try {
      change.run();
      outcome = "ok";
    } finally {
      try {
        record(name, actor, outcome, what);
      } catch (IOException e) {
        LOG.error("Register map {}: {} {} is not in the audit log", name, what, outcome, e);
      }
    }
  }

  private void record(String name, String actor, String outcome, String what) throws IOException {
    AuditLog log = audit.get();
    if (log == null) {
      throw new IOException("the audit log is not available, so nothing is changed: try again");
    }
    try {
      log.record(
          new AuditEvent(
              AuditEvent.Action.CONFIGURATION,
              actor,
              "maps",
              "maps/" + name,
              outcome,
              Map.of("change", what)));
    } catch (AuditUnavailableException e) {
      throw new IOException("nothing is changed: " + e.getMessage(), e);
    }
  }
}
