package io.snaprail.awsiot.internal.command;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Requests that change something, and their answers, on disk: a request that comes again after a
 * restart is not carried out a second time. The last {@link #MOST} are kept. Safe for any thread.
 */
public final class Remembered {
  /** How many are kept. */
  static final int MOST = 256;

  private final Path file;
  private final Map<String, Answer> answers = new LinkedHashMap<>();

  /**
   * What a request was answered.
   *
   * @param request what tells it from others; empty when that is not known
   * @param answer the answer
   */
  record Answer(String request, JsonObject answer) {}

  private Remembered(Path file) {
    this.file = file;
  }

  /**
   * Reads them; those that were under way are answered with UNKNOWN from now on.
   *
   * @throws IOException when the file cannot be read; the message names it
   */
  public static Remembered read(Path file) throws IOException {
    Remembered read = new Remembered(file);
    try {
      JsonObject document = JsonText.object(Files.readAllBytes(file));
      JsonObject all = JsonText.child(document, "answers");
      JsonObject requests = JsonText.child(document, "requests");
      if (all == null) {
        throw new IOException("it has no 'answers'");
      }
      for (Map.Entry<String, JsonElement> one : all.entrySet()) {
        if (!one.getValue().isJsonObject()) {
          throw new IOException("the answer to '" + one.getKey() + "' is no object");
        }
        // A file of an earlier version has none.
        String request = requests == null ? "" : JsonText.text(requests, one.getKey()).orElse("");
        read.answers.put(one.getKey(), new Answer(request, one.getValue().getAsJsonObject()));
      }
    } catch (NoSuchFileException never) {
      return read;
    } catch (IOException e) {
      throw new IOException(
          file
              + " cannot be read: "
              + e.getMessage()
              + "; restore it, or delete it: then requests that come again are carried out again",
          e);
    }
    return read;
  }

  /** The answer that a request had; empty when it is new. */
  synchronized Optional<Answer> find(String id) {
    return Optional.ofNullable(answers.get(id))
        .map(found -> new Answer(found.request(), found.answer().deepCopy()));
  }

  /**
   * Notes an answer, durably. Before a request is carried out, that is what whoever asks again is
   * told if it is never ended.
   *
   * @throws IOException when it cannot be kept; it is then not noted
   */
  synchronized void put(String id, Answer answer) throws IOException {
    Map<String, Answer> changed = new LinkedHashMap<>(answers);
    changed.put(id, answer);
    while (changed.size() > MOST) {
      changed.remove(changed.keySet().iterator().next());
    }
    JsonObject all = new JsonObject();
    JsonObject requests = new JsonObject();
    changed.forEach(
        (each, its) -> {
          all.add(each, its.answer());
          requests.addProperty(each, its.request());
        });
    JsonObject document = new JsonObject();
    document.add("answers", all);
    document.add("requests", requests);
    AtomicFile.write(file, JsonText.bytes(document), AtomicFile.PRIVATE);
    answers.clear();
    answers.putAll(changed);
  }
}
