package io.snaprail.api.driver;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A plan that waits without a thread: for drivers that can have thousands of devices, of which any
 * number may be away at once. The core polls with it; the bus stays taken until the read has ended.
 * What is read once, such as a point that is read back after a write, is read with the blocking
 * form, which must work as well.
 */
@ConsumerType
public interface AsyncReadPlan extends ReadPlan {

  /**
   * Begins to read every point of the plan once, as {@link ReadPlan#read(Sink, Deadline)} does, and
   * returns without waiting for the device. The sink is used by one thread at a time, and no more
   * once the read has ended.
   *
   * @param done told exactly once, by any thread, soon after the deadline at the latest; it returns
   *     at once. May be told before this method returns. When a device is closed its reads end, too
   */
  void read(Sink sink, Deadline deadline, Completion done);

  /** Is told how a read ended. */
  @FunctionalInterface
  interface Completion {
    /**
     * The read has ended.
     *
     * @param failure why the device as a whole could not be read; null when it could
     */
    void ended(@Nullable DriverException failure);
  }
}
