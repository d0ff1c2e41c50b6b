package io.snaprail.api.serial;

import java.util.List;
import java.util.Objects;

/**
 * A port as it is now.
 *
 * @param name the name to configure: the one in {@code /dev/serial/by-id} where there is one, which
 *     stays when the device moves; else the path; for a remote port its address
 * @param path path of the device, such as {@code /dev/ttyUSB0}; empty while it is not present, and
 *     for a remote port
 * @param aliases other paths of the same device, in {@code /dev/serial/by-id} and {@code by-path}
 * @param description manufacturer, product and serial number, or the driver, as far as known
 * @param present whether it is plugged in; for a remote port, whether it is connected
 * @param connected whether its holder has it open
 * @param holder who has leased it; empty when nobody has
 * @param latencyMs how long the adapter keeps received bytes back, in ms; 0 when not known. Above 1
 *     it costs a polled line dearly
 */
public record SerialPortInfo(
    String name,
    String path,
    List<String> aliases,
    String description,
    boolean present,
    boolean connected,
    String holder,
    int latencyMs) {
  /** Copies the aliases. */
  public SerialPortInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(path, "path");
    aliases = List.copyOf(aliases);
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(holder, "holder");
  }
}
