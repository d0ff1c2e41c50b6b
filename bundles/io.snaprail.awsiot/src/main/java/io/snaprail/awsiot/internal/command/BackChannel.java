package io.snaprail.awsiot.internal.command;

import com.google.gson.JsonObject;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.MqttSession.MessageHandler;
import io.snaprail.awsiot.internal.json.JsonDigest;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The back channel: a request comes on one topic, its answer goes out on another. {@code
 * {"id":…,"request":{"operation":…,"device":…,…},"expiresAt":…}} is answered by {@code
 * {"id":…,"response":{"status":"success","operation":…,"payload":{…}}}}, or with {@code "fail"} and
 * {@code error_code} and {@code error_message}. The same request again under its id gets the same
 * answer, and nothing is done a second time, for what changes something also after a restart;
 * another request under the same id is refused.
 */
public final class BackChannel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackChannel.class);

  private static final String CUT =
      "the gateway stopped while it was carried out; read whether it is done";

  /** Answers that are kept for requests that come again. */
  private static final int REMEMBERED = 1_000;

  private static final int LONGEST_ID = 64;

  /** Requests that may wait for the one before. */
  private static final int WAITING = 100;

  private final MqttSession session;
  private final Topics topics;
  private final Operations operations;
  private final Remembered remembered;
  private final Executor lane;
  private final Semaphore room = new Semaphore(WAITING);
  private final MqttSession.Subscription subscription;
  private final Map<String, Asked> answers = new LinkedHashMap<>();

  /** A request, told from others by its digest, and its answer. */
  private record Asked(String request, CompletableFuture<JsonObject> answer) {}

  /**
   * Where it speaks.
   *
   * @param request where requests come
   * @param answer where answers go
   */
  public record Topics(String request, String answer) {}

  /**
   * Listens.
   *
   * @param remembered what was changed before
   * @param lane carries requests out, one after the other
   */
  public BackChannel(
      MqttSession session,
      Topics topics,
      Operations operations,
      Remembered remembered,
      Executor lane) {
    this.session = session;
    this.topics = topics;
    this.operations = operations;
    this.remembered = remembered;
    this.lane = lane;
    MessageHandler handler = (topic, payload) -> request(payload);
    this.subscription = session.subscribe(topics.request(), handler);
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
    Asked mine = new Asked(JsonDigest.of(document.get("request")), new CompletableFuture<>());
    Asked earlier = claim(id, mine);
    if (earlier != null && !earlier.request().equals(mine.request())) {
      answer(envelope(id, reused(id)));
      return;
    }
    if (earlier == null && !room.tryAcquire()) {
      forget(id);
      mine.answer().complete(failure("", "BUSY", WAITING + " requests wait already; ask again"));
    } else if (earlier == null) {
      // Not on the session's thread: what changes something is noted on disk first.
      hand(() -> carryOut(id, document, mine), mine.answer());
    }
    Asked asked = earlier == null ? mine : earlier;
    asked.answer().whenComplete((done, failure) -> answer(envelope(id, done)));
  }

  private void hand(Runnable task, CompletableFuture<JsonObject> done) {
    try {
      lane.execute(task);
    } catch (RejectedExecutionException e) {
      done.complete(failure("", "NOT_READY", "the gateway is stopping"));
    }
  }

  // Where a task begins: whatever goes wrong is an answer.
  @SuppressWarnings("CatchingUnchecked")
  private void carryOut(String id, JsonObject document, Asked asked) {
    room.release();
    CompletableFuture<JsonObject> done = asked.answer();
    JsonObject request = JsonText.child(document, "request");
    String operation = request == null ? "" : JsonText.text(request, "operation").orElse("");
    try {
      Remembered.Answer before = remembered.find(id).orElse(null);
      if (before != null) {
        boolean same = before.request().isEmpty() || before.request().equals(asked.request());
        if (!same) {
          forget(id);
        }
        done.complete(same ? before.answer() : reused(id));
        return;
      }
      Operations.Prepared prepared = operations.prepare(id, operation, document);
      if (prepared.changes()) {
        remembered.put(
            id, new Remembered.Answer(asked.request(), failure(operation, "UNKNOWN", CUT)));
      }
      begin(prepared)
          .whenCompleteAsync(
              (result, failure) -> {
                JsonObject response =
                    failure == null ? success(operation, result) : failure(operation, failure);
                if (prepared.changes()) {
                  note(id, new Remembered.Answer(asked.request(), response));
                }
                done.complete(response);
              },
              lane);
    } catch (IOException e) {
      forget(id);
      done.complete(failure(operation, "NOT_KEPT", "nothing is done: " + e.getMessage()));
    } catch (Exception e) {
      done.complete(failure(operation, e));
    }
  }

  private static CompletionStage<JsonObject> begin(Operations.Prepared prepared) {
    try {
      return prepared.action().get();
    } catch (OperationException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private static JsonObject reused(String id) {
    return failure(
        "",
        "ID_REUSED",
        "expected the request that came first under the id '"
            + id
            + "', found another; nothing is done: give each request an id of its own");
  }

  private void note(String id, Remembered.Answer response) {
    try {
      remembered.put(id, response);
    } catch (IOException e) {
      LOG.warn("the answer to request '{}' is not kept: {}", id, e.getMessage());
    }
  }

  /** It may be asked for again: nothing was done. */
  private void forget(String id) {
    synchronized (answers) {
      answers.remove(id);
    }
  }

  private @Nullable Asked claim(String id, Asked mine) {
    synchronized (answers) {
      Asked earlier = answers.putIfAbsent(id, mine);
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
    OperationException named = cause instanceof OperationException known ? known : null;
    JsonObject response =
        failure(
            operation, named == null ? "FAILED" : named.code(), String.valueOf(cause.getMessage()));
    if (named != null && named.exceptionCode() != 0) {
      response.addProperty("exception_code", named.exceptionCode());
    }
    return response;
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
        .publish(topics.answer(), JsonText.bytes(document), 1, false)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                // Whoever asked asks again with the same id, and nothing is done twice.
                LOG.info("an answer on '{}' is lost: {}", topics.answer(), failure.getMessage());
              }
            });
  }

  @Override
  public void close() {
    subscription.close();
  }
}
