package io.snaprail.console.internal.access;

import io.snaprail.api.security.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The sessions of people, in memory only: a restart logs everyone out. Ids are 256 random bits;
 * only their hash is kept. Safe for any thread.
 */
@Component(service = Sessions.class)
public final class Sessions {
  /** Name of the cookie. {@code __Host-} binds it to this host, the root path and HTTPS. */
  public static final String COOKIE = "__Host-snaprail";

  /** A session that is not used for so long ends. */
  public static final Duration IDLE = Duration.ofMinutes(10);

  /** A session ends after so long, used or not. */
  public static final Duration ABSOLUTE = Duration.ofHours(8);

  /** When there are more, the one that was idle longest ends. */
  static final int MAX_SESSIONS = 64;

  private static final int ID_BYTES = 32;

  private final LongSupplier nanos;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> byHash = new HashMap<>();

  /** For the running gateway. */
  @Activate
  public Sessions() {
    this(System::nanoTime);
  }

  /**
   * With a clock of one's own.
   *
   * @param nanos monotonic
   */
  public Sessions(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * A session and the secret that goes to the browser.
   *
   * @param id value of the cookie
   * @param session what it stands for
   */
  public record Opened(String id, Session session) {}

  /** Opens a session, with an id that nobody has seen before. */
  public synchronized Opened open(Principal principal) {
    long now = nanos.getAsLong();
    byHash.values().removeIf(session -> !session.alive(now));
    if (byHash.size() >= MAX_SESSIONS) {
      byHash.entrySet().stream()
          .min(Comparator.comparingLong(entry -> entry.getValue().lastUsedNanos() - now))
          .ifPresent(
              oldest -> {
                oldest.getValue().close();
                byHash.remove(oldest.getKey());
              });
    }
    String id = token();
    Session session = new Session(principal, token(), now);
    byHash.put(hash(id), session);
    return new Opened(id, session);
  }

  /**
   * The session of a cookie, if it is still open.
   *
   * @param use whether this counts as use by a person
   */
  public synchronized Optional<Session> find(String id, boolean use) {
    long now = nanos.getAsLong();
    String key = hash(id);
    Session session = byHash.get(key);
    if (session == null) {
      return Optional.empty();
    }
    if (!session.alive(now)) {
      session.close();
      byHash.remove(key);
      return Optional.empty();
    }
    if (use) {
      session.touch(now);
    }
    return Optional.of(session);
  }

  /** Whether a session is still open. */
  public boolean alive(Session session) {
    return session.alive(nanos.getAsLong());
  }

  /** Ends a session. */
  public synchronized void close(Session session) {
    session.close();
    byHash.values().remove(session);
  }

  /** Text of 256 random bits, for ids and tokens. */
  private String token() {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String hash(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
