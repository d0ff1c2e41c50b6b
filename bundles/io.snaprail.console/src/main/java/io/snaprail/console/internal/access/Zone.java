package io.snaprail.console.internal.access;

import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.runtime.RegisterMaps;
import java.util.Map;
import java.util.Set;

/** Parts of the console that are guarded differently, told apart by path. */
public enum Zone {
  /** Seen without logging in: the forms to log in and to claim, style sheets, scripts. */
  PUBLIC(64 * 1024),
  /**
   * The HTTP API and the metrics: session or access token; errors are JSON. Some parts of it take
   * larger bodies.
   */
  API(64 * 1024),
  /** Our own pages: session. */
  PAGE(64 * 1024),
  /**
   * Everything else, above all the pages of Felix Web Console: administrators only, every change is
   * audited. Uploads of bundles may have 64 MiB, all else 1 MiB.
   */
  FOREIGN(1024 * 1024);

  /** Largest upload of a bundle. */
  public static final long MAX_UPLOAD_BYTES = 64L * 1024 * 1024;

  private static final Set<String> PUBLIC_PATHS = Set.of("/login", "/claim", "/favicon.ico");
  private static final Set<String> PAGES =
      Set.of(
          "/",
          "/points",
          "/devices",
          "/device",
          "/buses",
          "/setup",
          "/maps",
          "/tokens",
          "/certificates",
          "/logout");

  /** Parts of the API that take more: register maps, devices with their points, extensions. */
  private static final Map<String, Integer> LARGER =
      Map.of(
          "/api/v1/maps/",
          RegisterMaps.MAX_BYTES,
          "/api/v1/devices/",
          1024 * 1024,
          "/api/v1/uplinks/",
          1024 * 1024,
          "/api/v1/drivers/",
          1024 * 1024,
          "/api/v1/ext/",
          ConsoleExtension.MAX_BODY_BYTES);

  private final long maxBodyBytes;

  Zone(long maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  /**
   * The zone of a path.
   *
   * @param path decoded, as it is used for dispatching
   */
  public static Zone of(String path) {
    if (PAGES.contains(path) || path.startsWith("/ext/")) {
      return PAGE;
    }
    if (PUBLIC_PATHS.contains(path) || path.startsWith("/snaprail/")) {
      return PUBLIC;
    }
    if (path.equals("/api") || path.startsWith("/api/") || path.equals("/metrics")) {
      return API;
    }
    return FOREIGN;
  }

  /**
   * Largest body of a request.
   *
   * @param path decoded, as it is used for dispatching
   * @param multipart whether the body is {@code multipart/form-data}
   */
  public long maxBodyBytes(String path, boolean multipart) {
    if (this == FOREIGN && multipart) {
      return MAX_UPLOAD_BYTES;
    }
    return LARGER.entrySet().stream()
        .filter(larger -> this == API && path.startsWith(larger.getKey()))
        .mapToLong(Map.Entry::getValue)
        .findFirst()
        .orElse(maxBodyBytes);
  }
}
