package io.snaprail.api.certificate;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Wants to know when an identity or a set of roots has changed, to ask for a fresh TLS context.
 * Register it as a service.
 */
@ConsumerType
@FunctionalInterface
public interface IdentityListener {
  /** An identity or set of roots was made, replaced or removed. Must not block. */
  void changed(String name);
}
