package io.snaprail.api.security;

import java.time.Duration;

/** What became of an attempt to log in or to claim the gateway. */
public sealed interface LoginResult {
  /** It worked. */
  record Success(Principal principal) implements LoginResult {}

  /**
   * It did not.
   *
   * @param message for the person at the form; never says which part was wrong
   * @param retryAfter how long further attempts are refused unseen; zero when they are not
   */
  record Refused(String message, Duration retryAfter) implements LoginResult {}
}
