package io.snaprail.awsiot.internal.provisioning;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What tells one gateway from another, for the parameters of provisioning templates. */
public final class GatewayFacts {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*}}");

  private final Path root;

  /** Reads below {@code root}, the root of the file system. */
  public GatewayFacts(Path root) {
    this.root = root;
  }

  /**
   * Reads parameters.
   *
   * @param settings {@code Name=value}; in values {@code {{serial}}}, {@code {{mac}}}, {@code
   *     {{hostname}}} and {@code {{machine-id}}} are filled in
   * @throws IllegalArgumentException when one is wrong or this gateway has no such fact; the
   *     message names key, expected and found
   */
  public Map<String, String> parameters(List<String> settings) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String setting : settings) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "provisioning.parameters: expected Name=value, found '" + setting + "'");
      }
      String name = setting.substring(0, equals).strip();
      if (parameters.put(name, fill(setting.substring(equals + 1).strip())) != null) {
        throw new IllegalArgumentException(
            "provisioning.parameters: expected each name once, found '" + name + "' again");
      }
    }
    return parameters;
  }

  /** The gateway's host name; {@code gateway} when it tells none. */
  public String hostName() {
    return first("proc/sys/kernel/hostname", "etc/hostname").orElse("gateway");
  }

  private String fill(String value) {
    return VARIABLE
        .matcher(value)
        .replaceAll(match -> Matcher.quoteReplacement(fact(match.group(1))));
  }

  private String fact(String name) {
    Optional<String> found =
        switch (name) {
          // Devicetree specification 2.3 "serial-number"; SMBIOS type 1, where root may read it.
          case "serial" ->
              first("proc/device-tree/serial-number", "sys/class/dmi/id/product_serial");
          case "machine-id" -> first("etc/machine-id");
          case "hostname" -> first("proc/sys/kernel/hostname", "etc/hostname");
          case "mac" -> mac();
          default ->
              throw new IllegalArgumentException(
                  "provisioning.parameters: expected {{serial}}, {{mac}}, {{hostname}} or"
                      + " {{machine-id}}, found '{{"
                      + name
                      + "}}'");
        };
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                "provisioning.parameters: this gateway tells no '"
                    + name
                    + "' (or only to root); write the value itself"));
  }

  private Optional<String> first(String... files) {
    return Stream.of(files).map(this::text).filter(text -> !text.isEmpty()).findFirst();
  }

  private String text(String file) {
    try {
      // The devicetree ends its texts with NUL.
      return Files.readString(root.resolve(file)).replace("\0", "").strip();
    } catch (IOException notHere) {
      return "";
    }
  }

  // The lowest index is the board's own port; bridges and containers come later.
  private static Optional<String> mac() {
    try {
      return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
          .filter(one -> !one.isVirtual())
          .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
          .map(GatewayFacts::address)
          .flatMap(Optional::stream)
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> address(NetworkInterface one) {
    try {
      byte[] address = one.getHardwareAddress();
      return address == null || one.isLoopback()
          ? Optional.empty()
          : Optional.of(HexFormat.of().formatHex(address));
    } catch (SocketException e) {
      return Optional.empty();
    }
  }
}
