package io.snaprail.api.uplink;

import io.snaprail.api.uplink.Spool.Lane;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How a spool keeps what waits.
 *
 * @param lanes settings of each lane
 * @param memoryBytes what each lane may hold in memory, 65,536 or more, while the disk is slower
 *     than what comes, or fails; above a quarter of it messages go to disk and are then let go from
 *     memory. A lane that is kept in memory alone holds as much as its own cap
 * @param spillAfter a {@link Durability#SPILL} lane goes to disk when a message waits longer for
 *     its acknowledgement, and at the latest after twice that; 100 ms or more
 */
public record SpoolSettings(Map<Lane, LaneSettings> lanes, long memoryBytes, Duration spillAfter) {

  /** Smallest cap, in bytes. */
  public static final long MIN_BYTES = 65_536;

  /** What each lane holds in memory unless said otherwise. */
  public static final long DEFAULT_MEMORY_BYTES = 16L << 20;

  /** When unacknowledged messages go to disk unless said otherwise. */
  public static final Duration DEFAULT_SPILL_AFTER = Duration.ofSeconds(3);

  /** What becomes of a full lane. */
  public enum Eviction {
    /** The oldest messages make room. */
    DROP_OLDEST,
    /** What is new is not taken. */
    REFUSE_NEWEST
  }

  /** What outlives the process. */
  public enum Durability {
    /** Nothing. */
    MEMORY,
    /**
     * What waits while the far side is away or does not acknowledge in time. What is acknowledged
     * soon never touches the disk; what is under way at a power cut is lost.
     */
    SPILL,
    /** Everything that is not acknowledged within a second; alarms at once. */
    ALWAYS
  }

  /**
   * Settings of a lane.
   *
   * @param bytes what may wait at most, topics and payloads, 65,536 or more; a message takes some
   *     34 bytes more on disk
   * @param age what is older is given up; zero for never. Messages stamped before 2025, by a clock
   *     that was not right, never get too old
   * @param freeDiskBytes the lane takes no more disk when less than this is free; 0 or more
   * @param eviction what happens when it is full
   * @param durability what outlives the process
   */
  public record LaneSettings(
      long bytes, Duration age, long freeDiskBytes, Eviction eviction, Durability durability) {

    /** Checks the ranges. */
    public LaneSettings {
      require(bytes >= MIN_BYTES, "bytes", MIN_BYTES + " or more", bytes);
      require(!age.isNegative(), "age", "zero or more", age);
      require(freeDiskBytes >= 0, "free disk", "0 bytes or more", freeDiskBytes);
    }
  }

  /** Copies the map, and checks that each lane has settings. */
  public SpoolSettings {
    lanes = Map.copyOf(lanes);
    for (Lane lane : Lane.values()) {
      require(lanes.containsKey(lane), "lanes", "settings of each lane", "none of " + lane);
    }
    require(memoryBytes >= MIN_BYTES, "memory bytes", MIN_BYTES + " or more", memoryBytes);
    require(spillAfter.toMillis() >= 100, "spill after", "100 ms or more", spillAfter.toMillis());
  }

  /** Settings of a lane. */
  @SuppressWarnings("NullAway") // the constructor has checked that every lane is there
  public LaneSettings lane(Lane lane) {
    return lanes.get(lane);
  }

  /** The same settings for every lane, with the defaults for the rest. */
  public static SpoolSettings uniform(LaneSettings lane) {
    Map<Lane, LaneSettings> lanes = new EnumMap<>(Lane.class);
    for (Lane each : Lane.values()) {
      lanes.put(each, lane);
    }
    return new SpoolSettings(lanes, DEFAULT_MEMORY_BYTES, DEFAULT_SPILL_AFTER);
  }

  private static void require(boolean valid, String what, String expected, Object found) {
    if (!valid) {
      throw new IllegalArgumentException(
          what + ": expected " + expected + ", found '" + found + "'");
    }
  }
}
