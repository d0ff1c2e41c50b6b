package io.snaprail.security.internal;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.snaprail.api.audit.AuditEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One line of the audit log: a JSON object that ends in {@code "prev":"...","hash":"..."}. The hash
 * is SHA-256 over the line's own UTF-8 bytes up to {@code ,"hash"}; they contain the hash of the
 * line before, which makes the chain.
 *
 * @param sequence 1, 2, 3, ... without a gap
 * @param previous hash of the line before, 64 hex digits; zeros at the very first
 * @param hash hash of this line, 64 hex digits
 */
record AuditRecord(long sequence, String previous, String hash) {
  /** What stands before the first record. */
  static final AuditRecord NONE = new AuditRecord(0, "0".repeat(64), "0".repeat(64));

  /** No line is longer, whatever an event holds; in bytes. */
  static final int MAX_LINE = 64 * 1024;

  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final int MAX_TEXT = 200;
  private static final int MAX_DETAILS = 16;
  private static final String HASH_KEY = ",\"hash\":\"";
  private static final int TAIL = HASH_KEY.length() + 64 + 2;

  /** The line, without its end, that continues the chain after this record. */
  String next(AuditEvent event, Instant time) {
    JsonObject line = new JsonObject();
    line.addProperty("seq", sequence + 1);
    line.addProperty("time", time.toString());
    line.addProperty("action", event.action().name());
    line.addProperty("actor", clip(event.actor()));
    line.addProperty("origin", clip(event.origin()));
    line.addProperty("subject", clip(event.subject()));
    line.addProperty("outcome", clip(event.outcome()));
    line.add("details", details(event.details()));
    line.addProperty("prev", hash);
    String open = GSON.toJson(line);
    String covered = open.substring(0, open.length() - 1);
    return covered + HASH_KEY + sha256(covered) + "\"}";
  }

  /** Reads a line; empty when it is no record or its hash does not fit its content. */
  static Optional<AuditRecord> parse(String line) {
    int cut = line.length() - TAIL;
    if (cut <= 0 || !line.startsWith(HASH_KEY, cut)) {
      return Optional.empty();
    }
    String covered = line.substring(0, cut);
    String stated = line.substring(cut + HASH_KEY.length(), line.length() - 2);
    if (!stated.equals(sha256(covered))) {
      return Optional.empty();
    }
    try {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      return Optional.of(
          new AuditRecord(object.get("seq").getAsLong(), object.get("prev").getAsString(), stated));
    } catch (JsonParseException | IllegalStateException | NumberFormatException notOurs) {
      return Optional.empty();
    }
  }

  private static JsonObject details(Map<String, String> details) {
    JsonObject object = new JsonObject();
    new TreeMap<>(details)
        .entrySet().stream()
            .limit(MAX_DETAILS)
            .forEach(entry -> object.addProperty(clip(entry.getKey()), clip(entry.getValue())));
    return object;
  }

  private static String clip(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }
}
