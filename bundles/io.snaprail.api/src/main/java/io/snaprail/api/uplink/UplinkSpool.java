package io.snaprail.api.uplink;

import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings.Durability;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.api.uplink.SpoolSettings.LaneSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The {@code spool.*} settings that every uplink has, as they stand in its configuration.
 *
 * @param bytes {@code spool.bytes}: what may wait in each lane, 65,536 or more; alarms have an
 *     eighth of it for themselves, or 65,536
 * @param ageHours {@code spool.age.h}: what waits longer is given up, 0..87,600; 0 for never.
 *     Alarms never get too old
 * @param freeDiskBytes {@code spool.free.disk.bytes}: what is left free on the disk, 0 or more; a
 *     quarter of it where alarms are concerned
 * @param full {@code spool.full}: {@code drop-oldest} or {@code refuse-newest}
 * @param durability {@code spool.durability}: {@code memory}, {@code spill} or {@code always};
 *     alarms are always on disk unless it is {@code memory}
 * @param memoryBytes {@code spool.memory.bytes}: what each lane may hold in memory while the disk
 *     is slow or fails, 65,536 or more
 */
public record UplinkSpool(
    long bytes,
    int ageHours,
    long freeDiskBytes,
    String full,
    String durability,
    long memoryBytes) {

  /** Default of {@code spool.bytes}. */
  public static final long BYTES = 256L << 20;

  /** Default of {@code spool.age.h}: 30 days. */
  public static final int AGE_HOURS = 720;

  /** Default of {@code spool.free.disk.bytes}. */
  public static final long FREE_DISK_BYTES = 256L << 20;

  /** Default of {@code spool.full}. */
  public static final String FULL = "drop-oldest";

  /** Default of {@code spool.durability}. */
  public static final String DURABILITY = "spill";

  private static final int MAX_AGE_HOURS = 87_600;
  private static final int ALARM_SHARE = 8;
  private static final int ALARM_DISK_SHARE = 4;

  /** Checks the ranges; each message names the key, what is expected and what was found. */
  public UplinkSpool {
    long least = SpoolSettings.MIN_BYTES;
    require(bytes >= least, "spool.bytes", least + " or more", bytes);
    require(
        ageHours >= 0 && ageHours <= MAX_AGE_HOURS, "spool.age.h", "0.." + MAX_AGE_HOURS, ageHours);
    require(freeDiskBytes >= 0, "spool.free.disk.bytes", "0 or more", freeDiskBytes);
    require(memoryBytes >= least, "spool.memory.bytes", least + " or more", memoryBytes);
    require(
        names(Eviction.values()).contains(full),
        "spool.full",
        String.join(" or ", names(Eviction.values())),
        full);
    require(
        names(Durability.values()).contains(durability),
        "spool.durability",
        "one of " + String.join(", ", names(Durability.values())),
        durability);
  }

  /** The defaults, with another size. */
  public static UplinkSpool ofBytes(long bytes) {
    return new UplinkSpool(
        bytes, AGE_HOURS, FREE_DISK_BYTES, FULL, DURABILITY, SpoolSettings.DEFAULT_MEMORY_BYTES);
  }

  /** What the spool is to do. */
  public SpoolSettings settings() {
    Durability kept = Durability.valueOf(constant(durability));
    LaneSettings telemetry =
        new LaneSettings(
            bytes,
            Duration.ofHours(ageHours),
            freeDiskBytes,
            Eviction.valueOf(constant(full)),
            kept);
    LaneSettings alarms =
        new LaneSettings(
            Math.max(SpoolSettings.MIN_BYTES, bytes / ALARM_SHARE),
            Duration.ZERO,
            freeDiskBytes / ALARM_DISK_SHARE,
            Eviction.DROP_OLDEST,
            kept == Durability.MEMORY ? kept : Durability.ALWAYS);
    return new SpoolSettings(
        Map.of(Lane.ALARM, alarms, Lane.NORMAL, telemetry, Lane.BULK, telemetry),
        memoryBytes,
        SpoolSettings.DEFAULT_SPILL_AFTER);
  }

  private static List<String> names(Enum<?>[] values) {
    return Arrays.stream(values)
        .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .toList();
  }

  private static String constant(String name) {
    return name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static void require(boolean valid, String key, String expected, Object found) {
    if (!valid) {
      throw new IllegalArgumentException(
          key + ": expected " + expected + ", found '" + found + "'");
    }
  }
}
