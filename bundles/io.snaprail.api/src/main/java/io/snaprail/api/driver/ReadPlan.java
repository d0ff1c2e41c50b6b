package io.snaprail.api.driver;

import org.osgi.annotation.versioning.ConsumerType;

/** Points compiled into the requests that read them together. Same thread rules as its device. */
@ConsumerType
@FunctionalInterface
public interface ReadPlan {

  /**
   * Reads every point of the plan once and delivers each to the sink: a value, or why there is
   * none. A point that is delivered to neither is recorded as BAD.
   *
   * @param sink takes values and faults by the index of the point
   * @param deadline by which the call ends, whatever the device does
   * @throws DriverException when the device as a whole cannot be read; every point that was not
   *     delivered before becomes BAD with this message
   */
  void read(Sink sink, Deadline deadline) throws DriverException;
}
