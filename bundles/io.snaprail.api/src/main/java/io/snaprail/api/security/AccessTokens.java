package io.snaprail.api.security;

import io.snaprail.api.audit.AuditUnavailableException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Tokens for scripts. Only a hash is kept; the token itself is shown once. */
@ProviderType
public interface AccessTokens {
  /**
   * Makes a token.
   *
   * @param name unique, 1..64 characters
   * @param role what it may do
   * @param creator who makes it, for the audit log
   * @return the token: 256 random bits, to be shown once
   * @throws IllegalArgumentException when the name is taken or malformed
   */
  String create(String name, Role role, String creator) throws AuditUnavailableException;

  /** Who a token stands for, if it is valid. */
  Optional<Principal> verify(String token);

  /** Every token, without its secret. */
  List<TokenInfo> list();

  /** Removes a token; it is refused from now on. Returns whether there was one. */
  boolean revoke(String name, String actor) throws AuditUnavailableException;

  /**
   * A token as people see it.
   *
   * @param lastUsed null when it never was
   */
  record TokenInfo(
      String name, Role role, Instant created, String creator, @Nullable Instant lastUsed) {}
}
