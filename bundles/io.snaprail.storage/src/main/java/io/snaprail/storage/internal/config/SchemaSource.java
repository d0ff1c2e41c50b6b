package io.snaprail.storage.internal.config;

import org.jspecify.annotations.Nullable;

/** Knows what the owners of configurations declare. Safe for any thread; never blocks. */
@FunctionalInterface
interface SchemaSource {
  /**
   * What the owner of a configuration declares.
   *
   * @param factoryPid null when the configuration does not belong to a factory
   */
  Schema of(String pid, @Nullable String factoryPid);
}
