package io.snaprail.api.driver;

import java.time.Duration;
import org.osgi.annotation.versioning.ConsumerType;

/** A device that is only tried; see {@link DriverTools#open}. */
@ConsumerType
public interface TrialDevice extends Device, AutoCloseable {
  /**
   * How long a test goes on reading while points have no value, beside the time-out of one read:
   * for devices that send by themselves.
   */
  default Duration patience() {
    return Duration.ZERO;
  }

  /** Gives up what it holds, and ends a call that is under way. Closing again does nothing. */
  @Override
  void close();
}
