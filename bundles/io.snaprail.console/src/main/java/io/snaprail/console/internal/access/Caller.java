package io.snaprail.console.internal.access;

import io.snaprail.api.security.Principal;
import jakarta.servlet.ServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who sent a request. The guard puts it on the request; whoever finds none there has been reached
 * around the guard and refuses.
 *
 * @param principal who
 * @param session how they logged in; null for an access token
 */
public record Caller(Principal principal, @Nullable Session session) {
  private static final String ATTRIBUTE = Caller.class.getName();

  /** Before the name of a token where it stands beside those of accounts. */
  public static final String TOKEN_PREFIX = "token:";

  /** The name for the audit log: a token is never taken for an account of the same name. */
  public String actor() {
    return session == null ? TOKEN_PREFIX + principal.name() : principal.name();
  }

  /** Puts it on a request. */
  public void attach(ServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** Who sent a request that passed the guard. */
  public static Optional<Caller> of(ServletRequest request) {
    return Optional.ofNullable((Caller) request.getAttribute(ATTRIBUTE));
  }
}
