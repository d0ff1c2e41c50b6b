package io.snaprail.serial.internal.local;

import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the device behind the name of a port, anew each time: devices move. */
public final class PortNames {
  // Of st_mode, stat(2).
  private static final int FILE_TYPE = 0170000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int MOST_LISTED = 6;

  private final Path devices;
  private final PortList list;

  /**
   * Looks in a folder of devices.
   *
   * @param devices {@code /dev}
   * @param list names the ports that are there, for messages
   */
  public PortNames(Path devices, PortList list) {
    this.devices = devices;
    this.list = list;
  }

  /** The device without links, if it is present. */
  public Optional<Path> find(String name) {
    try {
      return Optional.of(candidate(name).toRealPath());
    } catch (IOException | InvalidPathException absent) {
      return Optional.empty();
    }
  }

  /** The device without links, which the gateway may open. */
  Path require(String name) throws SerialException {
    try {
      Path real = candidate(name).toRealPath();
      int mode = (Integer) Files.getAttribute(real, "unix:mode");
      if ((mode & FILE_TYPE) != CHARACTER_DEVICE) {
        throw new SerialException(
            Kind.NOT_FOUND, name + ": expected a serial port, found something else at " + real);
      }
      if (!Files.isReadable(real) || !Files.isWritable(real)) {
        throw notPermitted(name, real);
      }
      return real;
    } catch (NoSuchFileException | InvalidPathException absent) {
      throw new SerialException(
          Kind.NOT_FOUND, name + ": there is no such port. " + present(), absent);
    } catch (IOException failure) {
      throw new SerialException(
          Kind.NOT_FOUND, name + ": cannot be looked up: " + failure.getMessage(), failure);
    }
  }

  /** Why the account may not open a port, and what changes that. */
  static SerialException notPermitted(String name, Path real) {
    String user = System.getProperty("user.name", "?");
    String group = "dialout";
    try {
      group = Files.readAttributes(real, PosixFileAttributes.class).group().getName();
    } catch (IOException gone) {
      return new SerialException(Kind.NOT_FOUND, name + ": the port went away", gone);
    }
    // A port that belongs to root's own group is opened by a rule, not by joining that group.
    String todo =
        group.equals("root")
            ? "give it a group by a udev rule and add the account to that group"
            : "add the account to that group (usermod -aG %s %s) and restart the gateway"
                .formatted(group, user);
    return new SerialException(
        Kind.PERMISSION,
        "%s: permission denied: the account '%s' may not open %s, which belongs to the group '%s': %s"
            .formatted(name, user, real, group, todo));
  }

  private Path candidate(String name) {
    if (name.startsWith("/")) {
      return Path.of(name);
    }
    for (String folder : List.of("serial/by-id", "serial/by-path")) {
      Path link = devices.resolve(folder).resolve(name);
      if (Files.exists(link)) {
        return link;
      }
    }
    return devices.resolve(name);
  }

  private String present() {
    List<PortList.Entry> all = list.entries();
    if (all.isEmpty()) {
      return "This machine has no serial port now: is the adapter plugged in?";
    }
    return "Present are: "
        + all.stream()
            .limit(MOST_LISTED)
            .map(PortList.Entry::name)
            .collect(Collectors.joining(", "))
        + (all.size() > MOST_LISTED ? " and others" : "")
        + ". Plug it in, or correct 'port'.";
  }
}
