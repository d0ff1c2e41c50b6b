package io.snaprail.console.internal.page;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Style sheets, scripts and icons. Their address holds a hash of them all, so browsers may keep
 * them for ever and still get new ones with a new version.
 */
public final class Assets {
  private static final String SCRIPT = "text/javascript;charset=utf-8";
  private static final String STYLE = "text/css;charset=utf-8";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("app.css", STYLE),
          Map.entry("field.css", STYLE),
          Map.entry("felix.css", STYLE),
          Map.entry("icon.svg", "image/svg+xml"),
          Map.entry("access.js", SCRIPT),
          Map.entry("buses.js", SCRIPT),
          Map.entry("certificates.js", SCRIPT),
          Map.entry("common.js", SCRIPT),
          Map.entry("device.js", SCRIPT),
          Map.entry("devices.js", SCRIPT),
          Map.entry("felix.js", SCRIPT),
          Map.entry("form.js", SCRIPT),
          Map.entry("live.js", SCRIPT),
          Map.entry("maps.js", SCRIPT),
          Map.entry("maptext.js", SCRIPT),
          Map.entry("picture.js", SCRIPT),
          Map.entry("points.js", SCRIPT),
          Map.entry("runs.js", SCRIPT),
          Map.entry("setup.js", SCRIPT),
          Map.entry("tokens.js", SCRIPT),
          Map.entry("uplink.js", SCRIPT),
          Map.entry("uplinks.js", SCRIPT),
          Map.entry("write.js", SCRIPT));

  private static final Map<String, byte[]> CONTENT =
      new TreeMap<>(
          TYPES.keySet().stream().collect(Collectors.toMap(Function.identity(), Templates::bytes)));

  private static final String ROOT = "/snaprail/" + hash() + "/";

  private Assets() {}

  /**
   * A file.
   *
   * @param type media type
   * @param content its bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // handed to a response, never compared
  public record Asset(String type, byte[] content) {}

  /** Path of the folder of them all, with a slash at its end. */
  public static String root() {
    return ROOT;
  }

  /** The file at a path. */
  public static Optional<Asset> find(String path) {
    if (!path.startsWith(ROOT)) {
      return Optional.empty();
    }
    String name = path.substring(ROOT.length());
    byte[] content = CONTENT.get(name);
    String type = TYPES.get(name);
    return content == null || type == null
        ? Optional.empty()
        : Optional.of(new Asset(type, content));
  }

  private static String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      CONTENT.values().forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
