package io.snaprail.localiot.internal.shadow;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The shadow service without its topics: takes requests one after the other and says what to
 * publish. An answer is given only when the shadow is on disk. Used by the services' thread only,
 * but for {@link #reject}.
 */
public final class Shadows {
  private static final int REMEMBERED = 64;

  private final ShadowFiles files;
  private final Predicate<String> thingExists;
  private final Clock clock;
  private final Consumer<String> faults;
  private final Map<ShadowName, ShadowDocument> remembered = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Keeps the shadows in a folder.
   *
   * @param folder made when needed
   * @param thingExists whether the registry knows a thing
   * @param clock for timestamps
   * @param faults told when a file cannot be read or written; the message names it
   */
  public Shadows(Path folder, Predicate<String> thingExists, Clock clock, Consumer<String> faults) {
    this.files = new ShadowFiles(folder);
    this.thingExists = thingExists;
    this.clock = clock;
    this.faults = faults;
  }

  /** What clients can ask for. */
  enum Operation {
    GET,
    UPDATE,
    DELETE
  }

  /**
   * Something to publish.
   *
   * @param path below the shadow's prefix, such as {@code update/accepted}
   */
  record Answer(String path, JsonObject document) {}

  /** Takes a request; the answers in the order in which they are to be published. */
  List<Answer> handle(Operation operation, ShadowName name, byte[] payload) {
    try {
      return perform(operation, name, payload);
    } catch (ShadowException rejected) {
      return List.of(reject(operation, payload, rejected));
    }
  }

  /** Takes a request; the last answer is the one for who has asked. */
  List<Answer> perform(Operation operation, ShadowName name, byte[] payload)
      throws ShadowException {
    long now = clock.instant().getEpochSecond();
    if (!thingExists.test(name.thing())) {
      throw ShadowException.thingNotFound();
    }
    try {
      return switch (operation) {
        case GET -> get(name, ShadowRequest.plain(payload), now);
        case UPDATE -> update(name, ShadowRequest.update(payload), now);
        case DELETE -> delete(name, ShadowRequest.plain(payload), now);
      };
    } catch (IOException e) {
      faults.accept(String.valueOf(e.getMessage()));
      // What is on disk now is not known: the next request reads it.
      remembered.remove(name);
      throw ShadowException.internal(e);
    }
  }

  /** Names of the named shadows of a thing that are there, in alphabetical order. */
  List<String> names(String thing) throws ShadowException {
    List<String> names = new ArrayList<>();
    try {
      for (String name : files.named(thing)) {
        if (load(new ShadowName(thing, name)).exists()) {
          names.add(name);
        }
      }
      return names;
    } catch (IOException e) {
      faults.accept(String.valueOf(e.getMessage()));
      throw ShadowException.internal(e);
    }
  }

  /** The answer to a request that is not taken. */
  Answer reject(Operation operation, byte[] payload, ShadowException reason) {
    long now = clock.instant().getEpochSecond();
    String token = ShadowRequest.tokenOf(payload);
    return new Answer(path(operation) + "/rejected", ShadowAnswers.rejected(reason, token, now));
  }

  private List<Answer> get(ShadowName name, ShadowRequest request, long now)
      throws ShadowException, IOException {
    ShadowDocument document = existing(name);
    return List.of(
        new Answer("get/accepted", ShadowAnswers.get(document, request.clientToken(), now)));
  }

  // Delta, documents, accepted: the order that was observed in AWS's own local service.
  private List<Answer> update(ShadowName name, ShadowRequest request, long now)
      throws ShadowException, IOException {
    ShadowDocument previous = load(name).forgottenAt(now);
    ShadowDocument current = previous.update(request, now);
    store(name, current);
    String token = request.clientToken();
    List<Answer> answers = new ArrayList<>();
    Section delta = current.delta();
    if (delta != null) {
      answers.add(
          new Answer("update/delta", ShadowAnswers.delta(delta, current.version(), token, now)));
    }
    answers.add(
        new Answer("update/documents", ShadowAnswers.documents(previous, current, token, now)));
    answers.add(
        new Answer("update/accepted", ShadowAnswers.accepted(request, current.version(), now)));
    return answers;
  }

  private List<Answer> delete(ShadowName name, ShadowRequest request, long now)
      throws ShadowException, IOException {
    ShadowDocument deleted = existing(name).delete(request, now);
    store(name, deleted);
    return List.of(
        new Answer(
            "delete/accepted",
            ShadowAnswers.deleted(deleted.version(), request.clientToken(), now)));
  }

  private ShadowDocument existing(ShadowName name) throws ShadowException, IOException {
    ShadowDocument document = load(name);
    if (!document.exists()) {
      throw ShadowException.noShadow(name.display());
    }
    return document;
  }

  private ShadowDocument load(ShadowName name) throws IOException {
    ShadowDocument known = remembered.get(name);
    if (known != null) {
      return known;
    }
    ShadowDocument read = files.read(name);
    remember(name, read);
    return read;
  }

  private void store(ShadowName name, ShadowDocument document) throws IOException {
    files.write(name, document);
    remember(name, document);
  }

  private void remember(ShadowName name, ShadowDocument document) {
    remembered.put(name, document);
    if (remembered.size() > REMEMBERED) {
      remembered.remove(remembered.keySet().iterator().next());
    }
  }

  static String path(Operation operation) {
    return switch (operation) {
      case GET -> "get";
      case UPDATE -> "update";
      case DELETE -> "delete";
    };
  }
}
