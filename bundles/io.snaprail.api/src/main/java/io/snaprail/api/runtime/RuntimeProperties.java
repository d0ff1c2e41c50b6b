package io.snaprail.api.runtime;

/**
 * Framework properties that the launcher sets; read them with {@code BundleContext.getProperty}.
 */
public final class RuntimeProperties {
  /** Folder of the configuration files, one JSON file a PID; register maps are in {@code maps/}. */
  public static final String CONFIG_DIR = "snaprail.config";

  /** Folder of the ready register maps of the distribution, which nobody changes. */
  public static final String MAPS_DIR = "snaprail.maps";

  /** Folder for everything that the runtime writes, except configuration. */
  public static final String DATA_DIR = "snaprail.data";

  /** Folder of the distribution; its bundles are in {@code bundles/}. */
  public static final String HOME_DIR = "snaprail.home";

  /** Version of the distribution. */
  public static final String VERSION = "snaprail.version";

  /** When the launcher started, in milliseconds since 1970-01-01T00:00Z by the system's clock. */
  public static final String STARTED_AT = "snaprail.started.at";

  private RuntimeProperties() {}
}
