package io.snaprail.api.driver;

import org.osgi.annotation.versioning.ConsumerType;

/** A device that is only tried; see {@link DriverTools#open}. */
@ConsumerType
public interface TrialDevice extends Device, AutoCloseable {
  /** Gives up what it holds, and ends a call that is under way. Closing again does nothing. */
  @Override
  void close();
}
