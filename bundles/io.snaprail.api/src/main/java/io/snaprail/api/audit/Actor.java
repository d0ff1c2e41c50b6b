package io.snaprail.api.audit;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a thread works. Whoever lets a person in, as the console does, enters; a service
 * that audits what it changes then names the person, though nobody has handed the name down to it.
 * What goes on in another thread takes the actor along: {@link #current} here, {@link #enter}
 * there.
 *
 * @param name as in {@link AuditEvent#actor}
 * @param origin as in {@link AuditEvent#origin}
 */
public record Actor(String name, String origin) {
  private static final ThreadLocal<@Nullable Actor> CURRENT = new ThreadLocal<>();

  /** Refuses null. */
  public Actor {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(origin, "origin");
  }

  /** The gateway itself: nobody has asked for what it does. */
  public static Actor system(String origin) {
    return new Actor("system", origin);
  }

  /** On whose behalf this thread works; empty when it is nobody's. */
  public static Optional<Actor> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /** From now on this thread works on this one's behalf, until the scope is closed by it. */
  public Scope enter() {
    Actor before = CURRENT.get();
    CURRENT.set(this);
    return () -> {
      if (before == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(before);
      }
    };
  }

  /** An event that this one causes. */
  public AuditEvent event(
      AuditEvent.Action action, String subject, String outcome, Map<String, String> details) {
    return new AuditEvent(action, name, origin, subject, outcome, details);
  }

  /** Until when an actor is one. */
  @FunctionalInterface
  public interface Scope extends AutoCloseable {
    /** Whoever was before is again. */
    @Override
    void close();
  }
}
