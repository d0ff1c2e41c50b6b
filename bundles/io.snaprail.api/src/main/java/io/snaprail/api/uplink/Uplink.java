package io.snaprail.api.uplink;

import org.osgi.annotation.versioning.ConsumerType;

/** A northbound connector, as the console and the health API see it. Registered as a service. */
@ConsumerType
@FunctionalInterface
public interface Uplink {
  /**
   * Namespace of the capability by which a bundle says which of its factory PIDs make uplinks, so
   * that the console has a form for each:
   *
   * <pre>{@code
   * @Capability(namespace = Uplink.NAMESPACE, name = "com.acme.historian")
   * }</pre>
   *
   * What follows {@code ~} in a configuration's PID is the uplink's {@link UplinkStatus#name()}.
   */
  String NAMESPACE = "io.snaprail.uplink";

  /** How it is now; never blocks. */
  UplinkStatus status();
}
