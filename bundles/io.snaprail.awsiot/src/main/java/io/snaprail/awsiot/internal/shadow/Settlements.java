package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.awsiot.internal.json.JsonText;
import io.snaprail.awsiot.internal.json.JsonValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about desired values, on disk: so that after a restart nothing is done a second
 * time, and what was under way is known. A wish is a value with the time that AWS gave it.
 */
final class Settlements {
  private final Path file;
  private final Map<ShadowPath, Entry> entries = new TreeMap<>();

  /**
   * A decision.
   *
   * @param value what was desired
   * @param timestamp when, in seconds, by AWS's metadata
   * @param before what was there before it was written; null when that was not known
   * @param applied what was there afterwards; null while it is under way, or when it was not done
   * @param open whether it is under way
   * @param code why it was not done; empty when it was, or is under way
   * @param message the same for people
   */
  record Entry(
      JsonElement value,
      long timestamp,
      @Nullable JsonElement before,
      @Nullable JsonElement applied,
      boolean open,
      String code,
      String message) {

    /** Whether it is about this wish, or a later one. */
    boolean covers(JsonElement wish, long wished) {
      return wished < timestamp || (wished == timestamp && JsonValues.same(wish, value));
    }
  }

  private Settlements(Path file) {
    this.file = file;
  }

  /**
   * Reads them.
   *
   * @throws IOException when the file cannot be read; the message names it
   */
  static Settlements read(Path file) throws IOException {
    Settlements read = new Settlements(file);
    try {
      JsonObject json = JsonText.object(Files.readAllBytes(file));
      for (JsonElement one : json.getAsJsonArray("entries")) {
        read.take(one.getAsJsonObject());
      }
    } catch (NoSuchFileException never) {
      return read;
    } catch (IOException | IllegalStateException | NullPointerException | ClassCastException e) {
      throw new IOException(
          file
              + " cannot be read: "
              + e.getMessage()
              + "; restore it, or delete it: then desired values that are still in the shadow are"
              + " carried out once more",
          e);
    }
    return read;
  }

  private void take(JsonObject json) {
    List<String> keys = new ArrayList<>();
    json.getAsJsonArray("path").forEach(key -> keys.add(key.getAsString()));
    entries.put(
        new ShadowPath(keys),
        new Entry(
            json.get("value"),
            json.get("timestamp").getAsLong(),
            json.get("before"),
            json.get("applied"),
            json.get("open").getAsBoolean(),
            json.get("code").getAsString(),
            json.get("message").getAsString()));
  }

  @Nullable Entry get(ShadowPath path) {
    return entries.get(path);
  }

  /**
   * Notes a decision and writes all to the disk.
   *
   * @throws IOException when it cannot be written; the note is then not taken
   */
  void put(ShadowPath path, Entry entry) throws IOException {
    Entry old = entries.put(path, entry);
    boolean written = false;
    try {
      write();
      written = true;
    } finally {
      if (!written) {
        restore(path, old);
      }
    }
  }

  /** Forgets a decision: the wish may be carried out again. */
  void remove(ShadowPath path) throws IOException {
    Entry old = entries.remove(path);
    boolean written = false;
    try {
      write();
      written = true;
    } finally {
      if (!written) {
        restore(path, old);
      }
    }
  }

  private void restore(ShadowPath path, @Nullable Entry old) {
    if (old == null) {
      entries.remove(path);
    } else {
      entries.put(path, old);
    }
  }

  private void write() throws IOException {
    JsonArray all = new JsonArray();
    entries.forEach((path, entry) -> all.add(json(path, entry)));
    JsonObject json = new JsonObject();
    json.add("entries", all);
    AtomicFile.write(file, JsonText.bytes(json), AtomicFile.PRIVATE);
  }

  private static JsonObject json(ShadowPath path, Entry entry) {
    JsonObject json = new JsonObject();
    JsonArray keys = new JsonArray();
    path.keys().forEach(keys::add);
    json.add("path", keys);
    json.add("value", entry.value());
    json.addProperty("timestamp", entry.timestamp());
    if (entry.before() != null) {
      json.add("before", entry.before());
    }
    if (entry.applied() != null) {
      json.add("applied", entry.applied());
    }
    json.addProperty("open", entry.open());
    json.addProperty("code", entry.code());
    json.addProperty("message", entry.message());
    return json;
  }
}
