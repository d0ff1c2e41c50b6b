package io.snaprail.console.internal.access;

import io.snaprail.api.security.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Someone who is logged in. Safe for any thread. */
public final class Session {
  private final Principal principal;
  private final String csrfToken;
  private final long openedNanos;
  private volatile long lastUsedNanos;
  private volatile boolean closed;

  Session(Principal principal, String csrfToken, long nowNanos) {
    this.principal = principal;
    this.csrfToken = csrfToken;
    this.openedNanos = nowNanos;
    this.lastUsedNanos = nowNanos;
  }

  /** Who it is. */
  public Principal principal() {
    return principal;
  }

  /** What every change must carry besides the cookie. */
  public String csrfToken() {
    return csrfToken;
  }

  /** Whether the text is the session's token; takes the same time whatever it is. */
  public boolean csrfMatches(String given) {
    return MessageDigest.isEqual(
        csrfToken.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  boolean alive(long nowNanos) {
    return !closed
        && nowNanos - lastUsedNanos < Sessions.IDLE.toNanos()
        && nowNanos - openedNanos < Sessions.ABSOLUTE.toNanos();
  }

  long lastUsedNanos() {
    return lastUsedNanos;
  }

  void touch(long nowNanos) {
    lastUsedNanos = nowNanos;
  }

  void close() {
    closed = true;
  }
}
