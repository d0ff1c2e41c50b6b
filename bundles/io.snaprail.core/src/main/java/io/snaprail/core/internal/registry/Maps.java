package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.core.internal.points.MapFolder;
import io.snaprail.core.internal.points.Nearest;
import io.snaprail.core.internal.points.RegisterMap;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The register maps of devices: the gateway's own in {@code maps/} of the configuration, and the
 * ready ones of the distribution. An own one wins over a ready one of its name. Safe for any
 * thread.
 */
final class Maps {
  private static final Logger LOG = LoggerFactory.getLogger(Maps.class);
  private static final String FOLDER = "maps";
  private static final String ABSENT = "absent";

  /** Ready maps do not change while the gateway runs. */
  private static final String READY = "ready";

  private final MapFolder own;
  private final @Nullable MapFolder ready;

  /** Devices with the same map share its points: of a thousand there is one copy. */
  private final Map<String, SoftReference<Parsed>> parsed = new ConcurrentHashMap<>();

  private record Parsed(String stamp, RegisterMap map) {}

  /**
   * A map that is there.
   *
   * @param shown how messages name it
   */
  record Found(Path file, String shown) {
    RegisterMap read() {
      return RegisterMap.read(file, shown);
    }
  }

  /**
   * The maps of a configuration.
   *
   * @param ready folder of the ready maps; null when there are none
   */
  Maps(Path config, @Nullable String ready) {
    this.own = new MapFolder(config.resolve(FOLDER));
    this.ready = ready == null ? null : new MapFolder(Path.of(ready));
  }

  /** The folder of the gateway's own maps. */
  MapFolder own() {
    return own;
  }

  /** Reads a device's points: its map, then those inline. */
  RegisterMap load(DeviceSettings settings, String shownPid) {
    List<RegisterMap> parts = new ArrayList<>();
    String name = settings.map();
    if (!name.isEmpty()) {
      Found found = find(name);
      parts.add(
          found == null
              ? RegisterMap.failed(shownPid, 0, DeviceProperties.MAP + ": " + missing(name))
              : parsed(name, found));
    }
    parts.add(RegisterMap.inline(settings.rows(), shownPid, DeviceProperties.POINTS));
    return RegisterMap.join(parts).withDeadbands(settings.deadbands(), shownPid);
  }

  private RegisterMap parsed(String name, Found found) {
    // Before it is read: if it changes meanwhile the stamp is an old one, and it is read again.
    String stamp = stamp(name);
    SoftReference<Parsed> kept = parsed.get(name);
    Parsed before = kept == null ? null : kept.get();
    if (before != null && before.stamp.equals(stamp)) {
      return before.map;
    }
    RegisterMap map = found.read();
    parsed.put(name, new SoftReference<>(new Parsed(stamp, map)));
    return map;
  }

  /** The map that a device gets; null when there is none of the name. */
  @Nullable Found find(String name) {
    Found found = own(name);
    return found == null ? ready(name) : found;
  }

  /** The gateway's own map of the name, if there is one. */
  @Nullable Found own(String name) {
    return own.stamp(name) == null ? null : new Found(own.file(name), FOLDER + "/" + name);
  }

  /** The ready map of the name, if there is one. */
  @Nullable Found ready(String name) {
    return ready == null || ready.stamp(name) == null
        ? null
        : new Found(ready.file(name), "ready map " + name);
  }

  /** Names of the gateway's own maps, sorted. */
  List<String> ownNames() {
    return names(own);
  }

  /** Names of the ready maps, sorted. */
  List<String> readyNames() {
    return ready == null ? List.of() : names(ready);
  }

  private static List<String> names(MapFolder folder) {
    try {
      return folder.names();
    } catch (IOException e) {
      LOG.warn("Register maps in {} cannot be listed: {}", folder.path(), e.toString());
      return List.of();
    }
  }

  /** Says that there is no such map, where it was looked for, and what was probably meant. */
  String missing(String name) {
    if (!MapFolder.isName(name)) {
      return "expected " + MapFolder.expectedName() + ", found '" + name + "'";
    }
    TreeSet<String> known = new TreeSet<>(ownNames());
    known.addAll(readyNames());
    String meant = Nearest.of(name, known);
    return "expected a register map in "
        + own.path()
        + (ready == null ? "" : " or among the ready ones in " + ready.path())
        + ", found none of the name '"
        + name
        + "'"
        + (meant == null ? "" : "; did you mean '" + meant + "'?");
  }

  /** Changes whenever the map that devices get does; the same for all that are not there. */
  String stamp(String name) {
    if (name.isEmpty()) {
      return "";
    }
    String stamp = own.stamp(name);
    if (stamp != null) {
      return stamp;
    }
    return ready(name) == null ? ABSENT : READY;
  }
}
