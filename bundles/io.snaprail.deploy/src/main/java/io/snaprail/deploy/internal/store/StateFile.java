package io.snaprail.deploy.internal.store;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code data/deploy/deploy.json} and the jars beside it, in {@code bundles/}, named by SHA-256.
 */
public final class StateFile {
  private static final int FORMAT = 1;

  private final Path folder;

  /** In a folder, which is made when something is written. */
  public StateFile(Path folder) {
    this.folder = folder;
  }

  /** Where a jar is. */
  public Path jar(String sha256) {
    return folder.resolve("bundles").resolve(sha256 + ".jar");
  }

  /** Keeps a jar that lies in the same folder somewhere; it is gone from there. */
  public void keep(Path staged, String sha256) throws IOException {
    AtomicFile.adopt(staged, jar(sha256), AtomicFile.PRIVATE);
  }

  /**
   * Reads; nothing when there is no file.
   *
   * @throws IOException when it cannot be read, or is not what it should be
   */
  public DeployState read() throws IOException {
    Path file = file();
    if (!Files.exists(file)) {
      return DeployState.EMPTY;
    }
    try {
      JsonObject json =
          JsonParser.parseString(Files.readString(file, StandardCharsets.UTF_8)).getAsJsonObject();
      if (json.get("format").getAsInt() != FORMAT) {
        throw new IOException(file + ": expected format " + FORMAT + ", found another");
      }
      return state(json);
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | UnsupportedOperationException
        | NullPointerException
        | DateTimeException e) {
      throw new IOException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Writes, durably. */
  public void write(DeployState state) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    JsonObject bundles = new JsonObject();
    state.bundles().forEach((name, one) -> bundles.add(name, json(one)));
    json.add("bundles", bundles);
    Pending pending = state.pending();
    if (pending != null) {
      json.add("pending", json(pending));
    }
    JsonArray ended = new JsonArray();
    state.ended().forEach(one -> ended.add(json(one)));
    json.add("ended", ended);
    AtomicFile.write(file(), json.toString().getBytes(StandardCharsets.UTF_8), AtomicFile.PRIVATE);
  }

  /** Deletes the jars that nothing needs any more, and what unfinished writes have left. */
  public void prune(DeployState state) throws IOException {
    AtomicFile.removeLeftovers(folder);
    Path bundles = folder.resolve("bundles");
    if (!Files.isDirectory(bundles)) {
      return;
    }
    List<Path> all;
    try (java.util.stream.Stream<Path> files = Files.list(bundles)) {
      all = files.toList();
    }
    for (Path file : all) {
      String name = String.valueOf(file.getFileName());
      if (name.endsWith(".jar") && !state.jars().contains(name.substring(0, name.length() - 4))) {
        AtomicFile.delete(file);
      }
    }
  }

  private Path file() {
    return folder.resolve("deploy.json");
  }

  private static JsonObject json(Deployed one) {
    JsonObject json = new JsonObject();
    json.add("current", json(one.current()));
    Kept previous = one.previous();
    if (previous != null) {
      json.add("previous", json(previous));
    }
    return json;
  }

  private static JsonObject json(Kept kept) {
    JsonObject json = new JsonObject();
    json.addProperty("version", kept.version());
    json.addProperty("sha256", kept.sha256());
    json.addProperty("signer", kept.signer());
    json.addProperty("at", kept.at().toString());
    return json;
  }

  private static JsonObject json(Pending pending) {
    JsonObject json = new JsonObject();
    json.addProperty("id", pending.id());
    json.addProperty("action", pending.action().name());
    json.addProperty("name", pending.name());
    json.add("candidate", json(pending.candidate()));
    json.addProperty("trials", pending.trials());
    json.addProperty("actor", pending.actor());
    json.addProperty("origin", pending.origin());
    return json;
  }

  private static JsonObject json(DeploymentState end) {
    JsonObject json = new JsonObject();
    json.addProperty("id", end.id());
    json.addProperty("action", end.action().name());
    json.addProperty("name", end.symbolicName());
    json.addProperty("version", end.version());
    json.addProperty("phase", end.phase().name());
    json.addProperty("message", end.message());
    json.addProperty("at", end.at().toString());
    return json;
  }

  private static DeployState state(JsonObject json) {
    Map<String, Deployed> bundles = new TreeMap<>();
    for (Map.Entry<String, JsonElement> one : json.getAsJsonObject("bundles").entrySet()) {
      JsonObject bundle = one.getValue().getAsJsonObject();
      Kept current = kept(bundle.get("current"));
      if (current == null) {
        throw new IllegalArgumentException("'" + one.getKey() + "' has no 'current'");
      }
      bundles.put(one.getKey(), new Deployed(current, kept(bundle.get("previous"))));
    }
    List<DeploymentState> ended = new ArrayList<>();
    json.getAsJsonArray("ended").forEach(one -> ended.add(end(one.getAsJsonObject())));
    return new DeployState(bundles, pending(json.get("pending")), ended);
  }

  private static @Nullable Kept kept(@Nullable JsonElement json) {
    if (json == null) {
      return null;
    }
    JsonObject object = json.getAsJsonObject();
    String sha256 = text(object, "sha256");
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("'" + sha256 + "' is no SHA-256");
    }
    return new Kept(
        text(object, "version"), sha256, text(object, "signer"), Instant.parse(text(object, "at")));
  }

  private static @Nullable Pending pending(@Nullable JsonElement json) {
    if (json == null) {
      return null;
    }
    JsonObject object = json.getAsJsonObject();
    Kept candidate = kept(object.get("candidate"));
    if (candidate == null) {
      throw new IllegalArgumentException("'pending' has no 'candidate'");
    }
    return new Pending(
        text(object, "id"),
        Action.valueOf(text(object, "action")),
        text(object, "name"),
        candidate,
        object.get("trials").getAsInt(),
        text(object, "actor"),
        text(object, "origin"));
  }

  private static DeploymentState end(JsonObject object) {
    return new DeploymentState(
        text(object, "id"),
        Action.valueOf(text(object, "action")),
        text(object, "name"),
        text(object, "version"),
        DeploymentState.Phase.valueOf(text(object, "phase")),
        text(object, "message"),
        Instant.parse(text(object, "at")));
  }

  private static String text(JsonObject object, String key) {
    return object.get(key).getAsString();
  }
}
