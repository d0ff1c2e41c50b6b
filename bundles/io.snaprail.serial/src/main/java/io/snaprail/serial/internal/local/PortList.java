package io.snaprail.serial.internal.local;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The serial ports that Linux has now, from {@code /sys/class/tty} and {@code /dev/serial}. Not
 * from jSerialComm, whose list frees what open ports still use. On other systems it is empty.
 */
public final class PortList {
  private static final Logger LOG = LoggerFactory.getLogger(PortList.class);
  // From the tty up to the USB device: tty, its port, the interface, the device, and some hubs.
  private static final int LEVELS = 6;

  private final Path system;
  private final Path devices;

  /**
   * Lists from the given roots.
   *
   * @param system {@code /sys}
   * @param devices {@code /dev}
   */
  public PortList(Path system, Path devices) {
    this.system = system;
    this.devices = devices;
  }

  /**
   * A port.
   *
   * @param device path without links
   * @param aliases links to it in /dev/serial, by-id first
   * @param description for people
   * @param latencyMs of the adapter; 0 when not known
   */
  public record Entry(Path device, List<String> aliases, String description, int latencyMs) {
    /** The name that stays when the device moves, else its path. */
    public String name() {
      return aliases.stream()
          .filter(alias -> alias.contains("/by-id/"))
          .findFirst()
          .orElse(device.toString());
    }
  }

  /** All ports, by path. */
  public List<Entry> entries() {
    Map<Path, List<String>> links = links();
    Map<Path, Entry> found = new TreeMap<>();
    for (Path tty : children(system.resolve("class/tty"))) {
      if (isPort(tty)) {
        Path device = devices.resolve(String.valueOf(tty.getFileName()));
        found.put(device, entry(device, links.getOrDefault(device, List.of())));
      }
    }
    links.forEach((device, names) -> found.putIfAbsent(device, entry(device, names)));
    return List.copyOf(found.values());
  }

  /** One device, whether it is in the list or not. */
  public Entry entry(Path device) {
    return entry(device, links().getOrDefault(device, List.of()));
  }

  private Entry entry(Path device, List<String> aliases) {
    Path tty = system.resolve("class/tty").resolve(String.valueOf(device.getFileName()));
    return new Entry(device, aliases, describe(tty), latency(tty));
  }

  // Consoles and pseudo-terminals have no driver of a device; a serial port that a board could
  // have but has not is of type 0.
  private static boolean isPort(Path tty) {
    return Files.exists(tty.resolve("device/driver"))
        && !read(tty.resolve("type")).map("0"::equals).orElse(false);
  }

  private Map<Path, List<String>> links() {
    Map<Path, List<String>> links = new TreeMap<>();
    for (String folder : List.of("serial/by-id", "serial/by-path")) {
      for (Path link : children(devices.resolve(folder))) {
        try {
          links
              .computeIfAbsent(link.toRealPath(), device -> new ArrayList<>())
              .add(link.toString());
        } catch (IOException unplugged) {
          LOG.debug("{} leads nowhere: {}", link, unplugged.toString());
        }
      }
    }
    return links;
  }

  private static String describe(Path tty) {
    Optional<Path> usb = above(tty, "idVendor");
    if (usb.isEmpty()) {
      return driver(tty);
    }
    Path device = usb.get();
    String words =
        Stream.of("manufacturer", "product", "serial")
            .flatMap(key -> read(device.resolve(key)).stream())
            .collect(Collectors.joining(" "));
    String id =
        read(device.resolve("idVendor")).orElse("?")
            + ":"
            + read(device.resolve("idProduct")).orElse("?");
    return words.isEmpty() ? "USB " + id : words + " (USB " + id + ")";
  }

  private static String driver(Path tty) {
    try {
      return String.valueOf(tty.resolve("device/driver").toRealPath().getFileName());
    } catch (IOException none) {
      return "";
    }
  }

  private static Optional<Path> above(Path tty, String file) {
    try {
      Path folder = tty.resolve("device").toRealPath();
      for (int level = 0; level < LEVELS && folder != null; level++) {
        if (Files.exists(folder.resolve(file))) {
          return Optional.of(folder);
        }
        folder = folder.getParent();
      }
    } catch (IOException notADevice) {
      LOG.debug("{} has no device: {}", tty, notADevice.toString());
    }
    return Optional.empty();
  }

  private static int latency(Path tty) {
    Optional<String> text = read(tty.resolve("device/latency_timer"));
    return text.filter(value -> value.matches("\\d{1,3}")).map(Integer::parseInt).orElse(0);
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.isReadable(file)
          ? Optional.of(Files.readString(file).strip())
          : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static List<Path> children(Path folder) {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(children::add);
      } catch (IOException | DirectoryIteratorException failure) {
        LOG.debug("{} cannot be listed: {}", folder, failure.toString());
      }
    }
    children.sort(Comparator.naturalOrder());
    return children;
  }
}
