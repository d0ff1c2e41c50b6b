package io.snaprail.api.driver;

/**
 * Common settings of every device, which the core reads from the properties of the {@link Device}
 * service. They stand in the device's configuration file beside the driver's own.
 */
public final class DeviceProperties {
  /**
   * Name of the device, unique on the gateway. Default: what follows {@code ~} in its PID, that is,
   * in the name of its configuration file.
   */
  public static final String NAME = "name";

  /** Whether the device is polled; default true. */
  public static final String ENABLED = "enabled";

  /** Register map: a CSV file in {@code config/maps/}, or a ready one; default none. */
  public static final String MAP = "map";

  /** Points inline, each a row of a register map without its header; default none. */
  public static final String POINTS = "points";

  /** Period of points that set none themselves, in ms, 10..86,400,000; default 1000. */
  public static final String PERIOD_MS = "period.ms";

  /** Longest a read or write may take, in ms, 10..600,000; default 1000. */
  public static final String TIMEOUT_MS = "timeout.ms";

  /**
   * First pause before a device that is away is tried again, in ms, 10..3,600,000; default 1000.
   */
  public static final String BACKOFF_MIN_MS = "backoff.min.ms";

  /** Longest pause before a device that is away is tried again, in ms; default 60,000. */
  public static final String BACKOFF_MAX_MS = "backoff.max.ms";

  /**
   * Whether a point that was written is read back, and the write taken as failed when it holds
   * something else; default false. Points that cannot be read are not. A point that gives the write
   * back in another form on purpose, such as a command register that clears itself, does not go
   * with it.
   */
  public static final String READ_BACK = "write.readback";

  /**
   * Deadbands of points in place of those of their rows, such as one of a ready map: {@code
   * point=deadband} each, 0 or above; default none.
   */
  public static final String DEADBANDS = "deadbands";

  private DeviceProperties() {}
}
