package io.snaprail.security.internal;

import com.google.gson.JsonObject;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access tokens: {@code srt_} and 256 random bits in base64url. {@code tokens.json} (0600) holds
 * their SHA-256: no salt and no slow hash, since nobody guesses 256 bits. When a token was last
 * used is written at most once an hour, and at stop. Safe for any thread.
 */
public final class StoredTokens implements AccessTokens, AutoCloseable {
  static final String PREFIX = "srt_";

  private static final Logger LOG = LoggerFactory.getLogger(StoredTokens.class);
  // What a path of an address can hold: a token is revoked by its name there.
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[\\p{L}\\p{N} ._@:+-]{1,64}");
  private static final long SAVE_EVERY = Duration.ofHours(1).toNanos();
  private static final int MAX_TOKEN = 128;

  private final Path file;
  private final AuditLog audit;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final SecureRandom random = new SecureRandom();
  private final ReentrantLock lock = new ReentrantLock();
  private Map<String, Stored> byName;
  private boolean unsaved;
  private long saved;

  /**
   * Reads the tokens of a file, which need not exist.
   *
   * @param nanoTime monotonic, in nanoseconds
   * @throws IOException when it is damaged
   */
  public StoredTokens(Path file, AuditLog audit, Clock clock, LongSupplier nanoTime)
      throws IOException {
    this.file = file;
    this.audit = audit;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.byName = load(file);
    this.saved = nanoTime.getAsLong();
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      PrivateFiles.createFolder(folder);
    }
  }

  @Override
  public String create(String name, Role role, String creator) throws AuditUnavailableException {
    if (!NAME.matcher(name).matches() || name.isBlank() || !name.equals(name.strip())) {
      throw new IllegalArgumentException(
          "The name of a token needs 1 to 64 letters, digits, blanks or any of . _ @ : + -, with no"
              + " blank at its ends");
    }
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Arrays.fill(bytes, (byte) 0);
    lock.lock();
    try {
      if (byName.containsKey(name)) {
        throw new IllegalArgumentException("There is a token named '" + name + "' already");
      }
      // Before the change: what cannot be recorded must not happen.
      record(name, creator, "ok", Map.of("change", "created", "role", role.name()));
      Map<String, Stored> changed = new TreeMap<>(byName);
      TokenInfo info = new TokenInfo(name, role, clock.instant(), creator, null);
      changed.put(name, new Stored(info, sha256(token)));
      change(changed, name, creator);
      return token;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<Principal> verify(String token) {
    if (!token.startsWith(PREFIX) || token.length() > MAX_TOKEN) {
      return Optional.empty();
    }
    String hash = sha256(token);
    lock.lock();
    try {
      for (Stored stored : byName.values()) {
        if (MessageDigest.isEqual(bytes(stored.hash()), bytes(hash))) {
          used(stored);
          return Optional.of(new Principal(stored.info().name(), stored.info().role()));
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void used(Stored stored) {
    TokenInfo info = stored.info();
    TokenInfo now =
        new TokenInfo(info.name(), info.role(), info.created(), info.creator(), clock.instant());
    byName.put(info.name(), new Stored(now, stored.hash()));
    unsaved = true;
    if (nanoTime.getAsLong() - saved > SAVE_EVERY) {
      saveUse();
    }
  }

  private void saveUse() {
    saved = nanoTime.getAsLong();
    try {
      save(byName);
    } catch (IOException failure) {
      LOG.warn("{}: when tokens were last used is not saved: {}", file, failure.toString());
    }
  }

  @Override
  public List<TokenInfo> list() {
    lock.lock();
    try {
      return byName.values().stream().map(Stored::info).toList();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean revoke(String name, String actor) throws AuditUnavailableException {
    lock.lock();
    try {
      if (!byName.containsKey(name)) {
        return false;
      }
      record(name, actor, "ok", Map.of("change", "revoked"));
      Map<String, Stored> changed = new TreeMap<>(byName);
      changed.remove(name);
      change(changed, name, actor);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void change(Map<String, Stored> changed, String name, String actor)
      throws AuditUnavailableException {
    try {
      save(changed);
      byName = changed;
    } catch (IOException failure) {
      record(name, actor, "failed", Map.of("reason", "file not written"));
      throw new UncheckedIOException(
          file + " cannot be written (" + failure + "); the tokens are as they were", failure);
    }
  }

  private void record(String name, String actor, String outcome, Map<String, String> details)
      throws AuditUnavailableException {
    audit.record(new AuditEvent(AuditEvent.Action.TOKEN, actor, "console", name, outcome, details));
  }

  private static Map<String, Stored> load(Path file) throws IOException {
    Map<String, Stored> tokens = new TreeMap<>();
    if (!Files.exists(file)) {
      return tokens;
    }
    JsonObject all = Json.child(file, Json.read(file), "tokens");
    for (String name : all.keySet()) {
      JsonObject entry = Json.child(file, all, name);
      try {
        TokenInfo info =
            new TokenInfo(
                name,
                Role.valueOf(Json.string(file, entry, "role")),
                Instant.parse(Json.string(file, entry, "created")),
                Json.string(file, entry, "creator"),
                entry.has("lastUsed") ? Instant.parse(Json.string(file, entry, "lastUsed")) : null);
        tokens.put(name, new Stored(info, Json.string(file, entry, "sha256")));
      } catch (IllegalArgumentException | DateTimeException wrong) {
        throw Json.damaged(file, "token '" + name + "': " + wrong.getMessage());
      }
    }
    return tokens;
  }

  private void save(Map<String, Stored> tokens) throws IOException {
    JsonObject all = new JsonObject();
    tokens.forEach(
        (name, stored) -> {
          JsonObject entry = new JsonObject();
          TokenInfo info = stored.info();
          @Nullable Instant lastUsed = info.lastUsed();
          entry.addProperty("role", info.role().name());
          entry.addProperty("created", info.created().toString());
          entry.addProperty("creator", info.creator());
          entry.addProperty("sha256", stored.hash());
          if (lastUsed != null) {
            entry.addProperty("lastUsed", lastUsed.toString());
          }
          all.add(name, entry);
        });
    JsonObject root = new JsonObject();
    root.addProperty("version", 1);
    root.add("tokens", all);
    Json.write(file, root);
    unsaved = false;
  }

  private static String sha256(String token) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(token)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (unsaved) {
        saveUse();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A token as it stands in the file. */
  private record Stored(TokenInfo info, String hash) {}
}
