package io.snaprail.api.driver;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a {@link Device} implements beside it when it can tell people how it works. A {@link
 * ReadPlan} may implement it too: what the plans in use tell is shown with what their device tells,
 * their reads in one list and figures of the same key added up.
 */
@ConsumerType
public interface Inspectable {
  /** How the device is read and how that goes. Safe for any thread; does no input or output. */
  Inspection inspect();
}
