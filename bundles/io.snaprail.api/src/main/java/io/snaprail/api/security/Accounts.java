package io.snaprail.api.security;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The people who may use the console. At first there is none: the claim token, made at start and
 * readable on the gateway only, creates the first administrator. Attempts are slowed down per
 * account and per source from the fifth failure. Every attempt is audited. Checking a password
 * takes about half a second on purpose.
 */
@ProviderType
public interface Accounts {
  /** Whether an administrator exists. */
  boolean claimed();

  /**
   * Creates the first administrator.
   *
   * @param token the claim token, valid once and for 30 minutes
   * @param name 1..64 characters
   * @param password at least 12 characters
   * @param source where the request came from, such as an address
   */
  LoginResult claim(String token, String name, char[] password, String source);

  /**
   * Checks a password.
   *
   * @param source where the request came from, such as an address
   */
  LoginResult login(String name, char[] password, String source);
}
