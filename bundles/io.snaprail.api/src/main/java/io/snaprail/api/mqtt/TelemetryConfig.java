package io.snaprail.api.mqtt;

import io.snaprail.api.uplink.SpoolSettings;
import io.snaprail.api.uplink.UplinkSpool;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * The settings that every uplink with telemetry has, as they stand in its configuration; a
 * component takes them beside its own. Topic and rates are not among them, because their defaults
 * are each uplink's own.
 */
public @interface TelemetryConfig {
  /** Devices. */
  @AttributeDefinition(
      description = "Devices to send, with * and ?; none for all",
      required = false)
  String[] devices() default {};

  /** Size of the spool. */
  @AttributeDefinition(
      description = "Bytes that may wait for the broker in each lane, 65536 or more")
  long spool_bytes() default UplinkSpool.BYTES;

  /** Age. */
  @AttributeDefinition(description = "Hours after which what waits is given up; 0 for never")
  int spool_age_h() default UplinkSpool.AGE_HOURS;

  /** Free disk. */
  @AttributeDefinition(description = "Bytes of the disk that are left free, 0 or more")
  long spool_free_disk_bytes() default UplinkSpool.FREE_DISK_BYTES;

  /** When it is full. */
  @AttributeDefinition(description = "What a full spool does: drop-oldest or refuse-newest")
  String spool_full() default UplinkSpool.FULL;

  /** Durability. */
  @AttributeDefinition(
      description =
          "What outlives a restart: memory for nothing, spill for what waits while the broker is"
              + " away, always for all that waits longer than a second")
  String spool_durability() default UplinkSpool.DURABILITY;

  /** Memory. */
  @AttributeDefinition(
      description = "Bytes that each lane may hold in memory while the disk fails, 65536 or more")
  long spool_memory_bytes() default SpoolSettings.DEFAULT_MEMORY_BYTES;

  /** What is sent. */
  @AttributeDefinition(
      description = "What is sent",
      options = {
        @Option(label = "every: all values, each time they are read", value = Selection.EVERY),
        @Option(label = "changes: what has changed", value = Selection.CHANGES),
        @Option(label = "period: all values once in each period", value = Selection.PERIOD),
        @Option(label = "both: what has changed, and all each period", value = Selection.BOTH)
      })
  String send() default Selection.EVERY;

  /** Deadband. */
  @AttributeDefinition(
      description = "With changes and both: numbers change by more than this, 0 or more")
  double send_deadband() default 0;

  /** Refresh. */
  @AttributeDefinition(
      description = "With changes: seconds after which all values are sent again; 0 for never")
  int send_refresh_s() default 600;

  /** Period. */
  @AttributeDefinition(
      description = "With period and both: all values are sent once in so many seconds, 1..86400")
  int send_period_s() default 60;

  /** Order. */
  @AttributeDefinition(
      description =
          "After an outage: after for what is new first and the backlog beside it, in-order for"
              + " everything as it came")
  String backlog() default Delivery.AFTER;

  /** Share of the backlog. */
  @AttributeDefinition(
      description = "Per cent of the messages for the backlog while something is new, 1..100")
  int backlog_share() default Delivery.SHARE;

  /** Compression. */
  @AttributeDefinition(description = "Compress payloads with gzip")
  boolean gzip() default false;
}
