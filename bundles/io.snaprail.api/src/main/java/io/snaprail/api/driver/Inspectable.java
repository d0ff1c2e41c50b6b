package io.snaprail.api.driver;

import org.osgi.annotation.versioning.ConsumerType;

/** What a {@link Device} implements beside it when it can tell people how it works. */
@ConsumerType
public interface Inspectable {
  /** How the device is read and how that goes. Safe for any thread; does no input or output. */
  Inspection inspect();
}
