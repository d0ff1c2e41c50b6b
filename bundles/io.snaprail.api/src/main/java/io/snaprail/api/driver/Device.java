package io.snaprail.api.driver;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that has points and can be read and written: the one interface that a driver bundle
 * implements. A driver registers one {@code Device} service for each configuration of its (factory)
 * component.
 *
 * <p>The core owns threads, retries, back-off, periods, deadbands, scaling, quality, time stamps
 * and metrics. It reads the common settings (see {@link DeviceProperties}) from the service's
 * properties, so a driver does not even parse them.
 *
 * <p>Threads: no two reads or writes of one device, nor of two devices with the same {@link
 * #bus()}, ever run at the same time. They may be called by different threads one after another.
 * {@link #compile} and {@link #checkWritable} may be called while another thread reads or writes,
 * such as when a register map was edited, and so use nothing that reading changes. Activation must
 * not block: connect on the first read.
 */
@ConsumerType
public interface Device {

  /**
   * What this device shares with others and only one may use at a time, such as {@code
   * tcp:10.0.0.5:502} or {@code serial:/dev/ttyUSB0}. Devices with equal bus names share one lane.
   * Constant for the life of the service.
   *
   * @throws IllegalArgumentException when a setting of the driver's own is wrong; the message names
   *     key, expected and found. The core reports it and leaves the device alone: better than to
   *     throw while being activated, which the framework logs with a stack trace
   */
  String bus();

  /**
   * Compiles points into a plan that reads them together: before the first read, and again when the
   * points have changed. Does no input or output.
   *
   * @param points at least one; every one readable
   * @param errors takes one message for each point that can never be read, by index; such a point
   *     is left out of the plan and the others are read
   * @return a plan that delivers to the indexes of {@code points}
   */
  ReadPlan compile(List<PointDefinition> points, PointErrors errors);

  /**
   * Checks a point that may be written but not read, or both, without input or output.
   *
   * @param points at least one; every one writable
   * @param errors takes one message for each point that can never be written, by index
   */
  void checkWritable(List<PointDefinition> points, PointErrors errors);

  /**
   * Writes one point once. Never repeats a write by itself.
   *
   * @param point a writable point
   * @param raw the value after inverse scaling: {@link Value.Int} when it is whole
   * @param deadline by which the call ends
   * @throws DriverException when the device did not confirm the write; {@link
   *     DriverException#sent()} tells whether it may have happened all the same
   */
  void write(PointDefinition point, Value raw, Deadline deadline) throws DriverException;

  /** Takes the errors that compiling points gives. */
  @FunctionalInterface
  interface PointErrors {
    /**
     * Reports a point that cannot work.
     *
     * @param index position in the list that is compiled
     * @param message the key, what was expected and what was found, such as {@code address
     *     'holding:70000': expected 0..65535}
     */
    void add(int index, String message);
  }
}
