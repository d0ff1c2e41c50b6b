package io.snaprail.api.security;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Secrets by name, encrypted on disk (AES-256-GCM) with a key made at first start. Configuration
 * files hold names only. Callers wipe what they get when they are done with it.
 */
@ProviderType
public interface SecretStore {
  /** The secret of a name, if there is one. */
  Optional<char[]> get(String name);

  /** The secret of a name; at the first time a random one of 256 bits. */
  char[] getOrCreate(String name);

  /** Keeps a secret, durable before it returns. */
  void put(String name, char[] secret);

  /** Forgets a secret. */
  void remove(String name);
}
