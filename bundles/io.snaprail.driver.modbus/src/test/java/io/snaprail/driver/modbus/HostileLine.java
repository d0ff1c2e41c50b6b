package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import java.time.Duration;
import java.util.Map;
import java.util.Random;

/** A device whose far end lies when it is told to, on any transport. */
interface HostileLine extends AutoCloseable {
  /** How long a read waits for its answers. */
  Duration patience();

  /** The device, always the same. */
  Device device();

  /** Most registers of one read. */
  default int longest() {
    return 8;
  }

  /** Reads once and waits for the end. */
  default void read(ReadPlan plan, Sink sink, Deadline deadline) throws DriverException {
    plan.read(sink, deadline);
  }

  /** The table and the address of a place, 0..255, such as {@code holding:7}. */
  String address(int place);

  /** From now on places hold {@link #value}. */
  void fill(int first, int count, int generation);

  /** What a place holds: it tells the place and the generation. */
  int value(int place, int generation);

  /** Lets the far end lie now and then, as chance has it. */
  void lie(Random random);

  /** Lets the far end tell the truth. What was late may still come. */
  void tellTheTruth();

  /** How often each lie was told. */
  Map<String, Integer> told();

  @Override
  void close();
}
