package io.snaprail.driver.modbus.internal;

import io.snaprail.driver.modbus.internal.ReadPlanner.Limits;
import java.time.Duration;

/**
 * The checked settings that a device has on every transport.
 *
 * @param unit 0..255
 * @param zeroBased whether {@code holding:0} is the first register; else {@code holding:1} is
 * @param writeFunction by which functions values are written
 * @param limits how far reads are merged
 * @param requestTimeout longest wait for one answer; zero for whatever the whole call has
 * @param pause from an answer to the next request; zero for none
 */
public record UnitSettings(
    int unit,
    boolean zeroBased,
    WriteFunction writeFunction,
    Limits limits,
    Duration requestTimeout,
    Duration pause) {
  private static final int MAX_REGISTERS = 125;
  private static final int MIN_REQUEST_MS = 10;
  private static final int MAX_REQUEST_MS = 600_000;
  private static final int MAX_PAUSE_MS = 10_000;

  /** Checks {@code max.registers} and {@code max.gap}. */
  static Limits limits(Settings.Checks checks, int maxRegisters, int maxGap) {
    return new Limits(
        checks.range("max.registers", maxRegisters, 1, MAX_REGISTERS),
        checks.range("max.gap", maxGap, Limits.AUTOMATIC, MAX_REGISTERS - 1));
  }

  /** Checks {@code request.timeout.ms}. */
  static Duration requestTimeout(Settings.Checks checks, int millis) {
    int checked = checks.range("request.timeout.ms", millis, 0, MAX_REQUEST_MS);
    if (checked > 0 && checked < MIN_REQUEST_MS) {
      throw new IllegalArgumentException(
          "request.timeout.ms: expected 0 (the whole of timeout.ms) or "
              + MIN_REQUEST_MS
              + ".."
              + MAX_REQUEST_MS
              + ", found "
              + checked);
    }
    return Duration.ofMillis(checked);
  }

  /** Checks {@code pause.ms}. */
  static Duration pause(Settings.Checks checks, int millis) {
    return Duration.ofMillis(checks.range("pause.ms", millis, 0, MAX_PAUSE_MS));
  }
}
