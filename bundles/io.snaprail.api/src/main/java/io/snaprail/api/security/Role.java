package io.snaprail.api.security;

/** What an account or token may do; each includes those before it. */
public enum Role {
  /** May look. */
  VIEWER,
  /** May also write points. */
  OPERATOR,
  /** May also change configuration, bundles, certificates and accounts. */
  ADMIN;

  /** Whether this role includes another. */
  public boolean includes(Role other) {
    return compareTo(other) >= 0;
  }
}
