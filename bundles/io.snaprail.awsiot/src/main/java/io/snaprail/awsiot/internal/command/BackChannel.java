package io.snaprail.awsiot.internal.command;

import com.google.gson.JsonObject;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.MqttSession.MessageHandler;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The back channel: a request comes on one topic, its answer goes out on another. {@code
 * {"id":…,"request":{"operation":…,"device":…,…},"expiresAt":…}} is answered by {@code
 * {"id":…,"response":{"status":"success","operation":…,"payload":{…}}}}, or with {@code "fail"} and
 * {@code error_code} and {@code error_message}. The same id again gets the same answer, and nothing
 * is done a second time.
 */
public final class BackChannel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackChannel.class);

  /** Answers that are kept for requests that come again. */
  private static final int REMEMBERED = 1_000;

  private static final int LONGEST_ID = 64;

  private final MqttSession session;
  private final String answerTopic;
  private final Operations operations;
  private final MqttSession.Subscription subscription;
  private final Map<String, CompletableFuture<JsonObject>> answers = new LinkedHashMap<>();

  /**
   * Listens.
   *
   * @param requestTopic where requests come
   * @param answerTopic where answers go
   */
  public BackChannel(
      MqttSession session, String requestTopic, String answerTopic, Operations operations) {
    this.session = session;
    this.answerTopic = answerTopic;
    this.operations = operations;
    MessageHandler handler = (topic, payload) -> request(payload);
    this.subscription = session.subscribe(requestTopic, handler);
  }

  private void request(byte[] payload) {
    JsonObject document;
    try {
      document = JsonText.object(payload);
    } catch (IOException e) {
      answer(envelope("", failure("", "BAD_REQUEST", String.valueOf(e.getMessage()))));
      return;
    }
    String id = JsonText.text(document, "id").orElse("");
    if (id.isBlank() || id.length() > LONGEST_ID) {
      answer(
          envelope(
              "",
              failure(
                  "", "BAD_REQUEST", "expected 'id', a text of 1.." + LONGEST_ID + " characters")));
      return;
    }
    CompletableFuture<JsonObject> mine = new CompletableFuture<>();
    CompletableFuture<JsonObject> earlier = claim(id, mine);
    if (earlier == null) {
      carryOut(id, document, mine);
    }
    CompletableFuture<JsonObject> response = earlier == null ? mine : earlier;
    response.whenComplete((done, failure) -> answer(envelope(id, done)));
  }

  // Where a task begins: whatever goes wrong is an answer.
  @SuppressWarnings("CatchingUnchecked")
  private void carryOut(String id, JsonObject document, CompletableFuture<JsonObject> done) {
    JsonObject request = JsonText.child(document, "request");
    String operation = request == null ? "" : JsonText.text(request, "operation").orElse("");
    try {
      CompletionStage<JsonObject> payload = operations.carryOut(id, operation, document);
      payload.whenComplete(
          (result, failure) ->
              done.complete(
                  failure == null ? success(operation, result) : failure(operation, failure)));
    } catch (Exception e) {
      done.complete(failure(operation, e));
    }
  }

  private @Nullable CompletableFuture<JsonObject> claim(
      String id, CompletableFuture<JsonObject> mine) {
    synchronized (answers) {
      CompletableFuture<JsonObject> earlier = answers.putIfAbsent(id, mine);
      if (answers.size() > REMEMBERED) {
        answers.remove(answers.keySet().iterator().next());
      }
      return earlier;
    }
  }

  private static JsonObject success(String operation, JsonObject payload) {
    JsonObject response = new JsonObject();
    response.addProperty("status", "success");
    response.addProperty("operation", operation);
    response.add("payload", payload);
    return response;
  }

  private static JsonObject failure(String operation, Throwable failure) {
    Throwable cause =
        failure instanceof java.util.concurrent.CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String code = cause instanceof OperationException named ? named.code() : "FAILED";
    return failure(operation, code, String.valueOf(cause.getMessage()));
  }

  private static JsonObject failure(String operation, String code, String message) {
    JsonObject response = new JsonObject();
    response.addProperty("status", "fail");
    response.addProperty("operation", operation);
    response.addProperty("error_code", code);
    response.addProperty("error_message", message);
    return response;
  }

  private static JsonObject envelope(String id, JsonObject response) {
    JsonObject answer = new JsonObject();
    answer.addProperty("id", id);
    answer.add("response", response);
    return answer;
  }

  private void answer(JsonObject document) {
    session
        .publish(answerTopic, JsonText.bytes(document), 1, false)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                // Whoever asked asks again with the same id, and nothing is done twice.
                LOG.info("an answer on '{}' is lost: {}", answerTopic, failure.getMessage());
              }
            });
  }

  @Override
  public void close() {
    subscription.close();
  }
}
