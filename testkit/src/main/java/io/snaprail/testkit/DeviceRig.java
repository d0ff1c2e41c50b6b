package io.snaprail.testkit;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.util.List;

/**
 * What a driver's author hands to the {@link DriverContract}: an activated device, the points it
 * can be tested with, and a hand on the far side. Every test gets a new one.
 */
public interface DeviceRig extends AutoCloseable {

  /** The device under test, activated. Always the same one. */
  Device device();

  /** At least three points that can be read. */
  List<PointDefinition> readable();

  /** A point that can never be read, such as one whose address does not exist. */
  PointDefinition unreadable();

  /** Whether the driver writes at all; false for meters that are only read. */
  default boolean writes() {
    return true;
  }

  /** A point that can be written and read back. */
  default PointDefinition writable() {
    throw new UnsupportedOperationException("expected a point of a driver that writes");
  }

  /** Two different raw values that {@link #writable()} can take and gives back as they are. */
  default List<Value> values() {
    throw new UnsupportedOperationException("expected values of a driver that writes");
  }

  /** A raw value that {@link #writable()} cannot take, such as 70,000 in 16 bits. */
  default Value outOfRange() {
    throw new UnsupportedOperationException("expected a value of a driver that writes");
  }

  /** A point that can never be written, such as one in a read-only area. */
  PointDefinition unwritable();

  /** How many requests, reads or writes, have reached the far side so far. */
  int requests();

  /** From now on the far side takes requests and does not answer. */
  void fallSilent();

  /** From now on the far side cannot be reached at all; what is connected is cut off. */
  void vanish();

  /** Undoes {@link #fallSilent()} and {@link #vanish()}. */
  void heal();

  /** Whether there is a line that can fail; false for a driver that only computes. */
  default boolean hasLine() {
    return true;
  }

  /**
   * Whether the device is asked when it is read; false for one that sends by itself. It then sends
   * again and again, and what is read is the last that came.
   */
  default boolean asks() {
    return true;
  }

  /** Deactivates the device, as its bundle's stop does. May be called more than once. */
  void deactivate();

  /** Ends the far side. */
  @Override
  void close();
}
