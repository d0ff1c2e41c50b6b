package io.snaprail.storage.internal.config;

import java.util.Set;

/**
 * A configuration that has come into force, changed or gone.
 *
 * @param pid whose
 * @param origin who changed it
 * @param keys names of the properties that are new, other or gone
 */
record Change(String pid, Origin origin, Set<String> keys) {

  /** Who changed a configuration. */
  enum Origin {
    /** A file was edited. */
    FILE,
    /** It came through Configuration Admin: the console, a connector. */
    ADMIN,
    /** The owner's declaration came or changed, and with it what may be in force. */
    SCHEMA
  }

  Change {
    keys = Set.copyOf(keys);
  }
}
