package io.snaprail.localiot.internal.broker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.Members;
import io.snaprail.localiot.internal.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Retained messages and kept sessions on disk: {@code retained.json} and {@code sessions.json},
 * each replaced as a whole.
 */
final class BrokerFiles {
  private static final int FORMAT = 1;

  private final Path retained;
  private final Path sessions;

  BrokerFiles(Path folder) {
    retained = folder.resolve("retained.json");
    sessions = folder.resolve("sessions.json");
  }

  /**
   * A session as it is kept.
   *
   * @param since when its connection ended, or now while it has one
   * @param subscriptions filters and QoS
   * @param messages that it is owed, in their order
   */
  record Kept(
      String clientId, Instant since, Map<String, Integer> subscriptions, List<Message> messages) {}

  void writeRetained(Collection<Message> messages) throws IOException {
    write(retained, "messages", messages(messages));
  }

  void writeSessions(Collection<Kept> all) throws IOException {
    JsonArray array = new JsonArray();
    for (Kept kept : all) {
      JsonObject subscriptions = new JsonObject();
      new TreeMap<>(kept.subscriptions).forEach(subscriptions::addProperty);
      JsonObject json = new JsonObject();
      json.addProperty("clientId", kept.clientId);
      json.addProperty("since", kept.since.toString());
      json.add("subscriptions", subscriptions);
      json.add("messages", messages(kept.messages));
      array.add(json);
    }
    write(sessions, "sessions", array);
  }

  List<Message> readRetained() throws IOException {
    return read(retained, "messages", BrokerFiles::message);
  }

  List<Kept> readSessions() throws IOException {
    return read(sessions, "sessions", BrokerFiles::kept);
  }

  private static void write(Path file, String key, JsonArray content) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("format", FORMAT);
    json.add(key, content);
    byte[] text = StrictJson.write(json).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, text, AtomicFile.PRIVATE);
  }

  private interface Reader<T> {
    T read(JsonObject json) throws JsonException;
  }

  private static <T> List<T> read(Path file, String key, Reader<T> reader) throws IOException {
    try {
      JsonObject json = StrictJson.parseObject(Files.readString(file));
      if (Members.number(json, "format") != FORMAT) {
        throw new JsonException("format: expected " + FORMAT);
      }
      return list(json, key, reader);
    } catch (NoSuchFileException nothingKept) {
      return List.of();
    } catch (JsonException | IllegalArgumentException | DateTimeException e) {
      throw new IOException(
          file
              + " cannot be read: "
              + e.getMessage()
              + "; restore it from a backup, or move it away to start without what it kept",
          e);
    }
  }

  private static <T> List<T> list(JsonObject json, String key, Reader<T> reader)
      throws JsonException {
    if (!(json.get(key) instanceof JsonArray array)) {
      throw new JsonException(key + ": expected an array");
    }
    List<T> list = new ArrayList<>();
    for (JsonElement element : array) {
      if (!(element instanceof JsonObject object)) {
        throw new JsonException(key + ": expected objects, found " + StrictJson.kind(element));
      }
      list.add(reader.read(object));
    }
    return list;
  }

  private static JsonArray messages(Collection<Message> messages) {
    JsonArray array = new JsonArray();
    for (Message message : messages) {
      JsonObject json = new JsonObject();
      json.addProperty("topic", message.topic());
      json.addProperty("payload", Base64.getEncoder().encodeToString(message.payload()));
      array.add(json);
    }
    return array;
  }

  private static Message message(JsonObject json) throws JsonException {
    return new Message(
        Members.string(json, "topic"), Base64.getDecoder().decode(Members.string(json, "payload")));
  }

  private static Kept kept(JsonObject json) throws JsonException {
    JsonObject subscriptions = Members.object(json, "subscriptions");
    Map<String, Integer> filters = new TreeMap<>();
    for (String filter : subscriptions.keySet()) {
      filters.put(filter, (int) Math.min(1, Members.number(subscriptions, filter)));
    }
    return new Kept(
        Members.string(json, "clientId"),
        Instant.parse(Members.string(json, "since")),
        filters,
        list(json, "messages", BrokerFiles::message));
  }
}
