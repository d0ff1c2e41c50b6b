package io.snaprail.core.internal.registry;

import io.snaprail.core.internal.points.RegisterMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the register maps of devices in the folder {@code maps/} of the configuration. */
final class Maps {
  private static final String FOLDER = "maps";

  private final Path folder;

  Maps(Path config) {
    folder = config.resolve(FOLDER).toAbsolutePath().normalize();
  }

  /** Reads a device's points: its map, then those inline. */
  RegisterMap load(DeviceSettings settings, String shownPid) {
    List<RegisterMap> parts = new ArrayList<>();
    if (!settings.map().isEmpty()) {
      Path file = file(settings.map());
      String shown = FOLDER + "/" + settings.map();
      parts.add(
          file != null && file.startsWith(folder)
              ? RegisterMap.read(file, shown)
              : new RegisterMap(
                  List.of(),
                  List.of(
                      shownPid
                          + ": map: expected a file in config/maps/, found '"
                          + settings.map()
                          + "'")));
    }
    parts.add(RegisterMap.inline(settings.rows(), shownPid, "points"));
    return RegisterMap.join(parts);
  }

  /** Changes whenever the file does; the same for every file that is not there. */
  String stamp(String map) {
    if (map.isEmpty()) {
      return "";
    }
    Path file = file(map);
    if (file == null) {
      return "absent";
    }
    try {
      FileTime time = Files.getLastModifiedTime(file);
      return time + "/" + Files.size(file);
    } catch (IOException e) {
      return "absent";
    }
  }

  /** Null when the text cannot be a path. */
  private @Nullable Path file(String map) {
    try {
      return folder.resolve(map).normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
