package io.snaprail.api.uplink;

import org.osgi.annotation.versioning.ConsumerType;

/** A northbound connector, as the console and the health API see it. Registered as a service. */
@ConsumerType
@FunctionalInterface
public interface Uplink {
  /** How it is now; never blocks. */
  UplinkStatus status();
}
