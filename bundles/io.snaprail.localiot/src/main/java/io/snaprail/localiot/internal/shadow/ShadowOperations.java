package io.snaprail.localiot.internal.shadow;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.service.Outbox;
import io.snaprail.localiot.internal.service.ServiceException;
import io.snaprail.localiot.internal.service.ServiceThread;
import io.snaprail.localiot.internal.shadow.Shadows.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;

/**
 * The shadow service as operations, for the REST twin and for pages (AWS IoT Core developer guide,
 * "Device Shadow REST API"). What changes a shadow is published to subscribers as if it had come by
 * MQTT; what is rejected is told to the caller only. Safe for any thread.
 */
public final class ShadowOperations {
  /** Names in one answer when the caller does not say. */
  private static final int PAGE = 25;

  private static final int LARGEST_PAGE = 100;

  private final Shadows shadows;
  private final ServiceThread thread;
  private final Outbox outbox;
  private final Clock clock;

  /** Works on the shadows that the topics work on. */
  public ShadowOperations(Shadows shadows, ServiceThread thread, Outbox outbox, Clock clock) {
    this.shadows = shadows;
    this.thread = thread;
    this.outbox = outbox;
    this.clock = clock;
  }

  /**
   * The whole state, as in {@code get/accepted}.
   *
   * @param shadow name of the shadow; empty for the classic one
   */
  public JsonObject get(String thing, String shadow) throws ServiceException {
    return perform(Operation.GET, ShadowName.of(thing, shadow), new byte[0]);
  }

  /** Changes what the document names; the answer is as in {@code update/accepted}. */
  public JsonObject update(String thing, String shadow, byte[] document) throws ServiceException {
    return perform(Operation.UPDATE, ShadowName.of(thing, shadow), document);
  }

  /** Deletes a shadow; the answer has its last version. */
  public JsonObject delete(String thing, String shadow) throws ServiceException {
    return perform(Operation.DELETE, ShadowName.of(thing, shadow), new byte[0]);
  }

  /**
   * Names of the named shadows of a thing in alphabetical order; none for a thing that is not
   * known.
   *
   * @param pageSize 1..100; 0 for 25
   * @param nextToken of the answer before; empty for the first
   */
  public JsonObject list(String thing, int pageSize, String nextToken) throws ServiceException {
    ShadowName checked = ShadowName.of(thing, "");
    if (pageSize < 0 || pageSize > LARGEST_PAGE) {
      throw ShadowException.badRequest(
          "pageSize: expected 1.." + LARGEST_PAGE + ", found " + pageSize);
    }
    String behind = decoded(nextToken);
    List<String> names = thread.call(() -> shadows.names(checked.thing()));
    return page(names, pageSize == 0 ? PAGE : pageSize, behind);
  }

  private JsonObject page(List<String> names, int size, String behind) {
    List<String> rest = names.stream().filter(name -> name.compareTo(behind) > 0).toList();
    JsonArray results = new JsonArray();
    rest.stream().limit(size).forEach(results::add);
    JsonObject answer = new JsonObject();
    answer.add("results", results);
    if (rest.size() > size) {
      answer.addProperty("nextToken", encoded(rest.get(size - 1)));
    }
    answer.addProperty("timestamp", clock.instant().getEpochSecond());
    return answer;
  }

  private JsonObject perform(Operation operation, ShadowName name, byte[] payload)
      throws ServiceException {
    return thread.call(
        () -> {
          List<Shadows.Answer> answers = shadows.perform(operation, name, payload);
          if (operation != Operation.GET) {
            answers.forEach(
                one -> outbox.publish(name.topicPrefix() + "/" + one.path(), one.document()));
          }
          return answers.get(answers.size() - 1).document();
        });
  }

  private static String encoded(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String decoded(String token) throws ShadowException {
    try {
      return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ShadowException.badRequest("nextToken: expected the one of the answer before");
    }
  }
}
