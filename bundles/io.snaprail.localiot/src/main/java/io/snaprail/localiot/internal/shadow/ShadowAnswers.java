package io.snaprail.localiot.internal.shadow;

import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The documents that the shadow service sends (AWS IoT Core developer guide, "Device Shadow service
 * documents").
 */
final class ShadowAnswers {
  private static final String STATE = "state";
  private static final String METADATA = "metadata";
  private static final String DESIRED = "desired";
  private static final String REPORTED = "reported";

  private ShadowAnswers() {}

  /** The whole state, with what differs. */
  static JsonObject get(ShadowDocument document, @Nullable String token, long now) {
    JsonObject answer = full(document);
    Section delta = document.delta();
    if (delta != null) {
      answer.getAsJsonObject(STATE).add("delta", delta.state());
    }
    return finish(answer, token, now);
  }

  /** Only what was sent. */
  static JsonObject accepted(ShadowRequest request, long version, long now) {
    JsonObject state = new JsonObject();
    JsonObject metadata = new JsonObject();
    sent(DESIRED, request.desired(), now, new Section(state, metadata));
    sent(REPORTED, request.reported(), now, new Section(state, metadata));
    JsonObject answer = new JsonObject();
    answer.add(STATE, state);
    answer.add(METADATA, metadata);
    answer.addProperty("version", version);
    return finish(answer, request.clientToken(), now);
  }

  /** Every desired leaf that differs, without the section around it. */
  static JsonObject delta(Section delta, long version, @Nullable String token, long now) {
    JsonObject answer = new JsonObject();
    answer.addProperty("version", version);
    answer.add(STATE, delta.state());
    answer.add(METADATA, delta.metadata());
    return finish(answer, token, now);
  }

  /** Before and after. */
  static JsonObject documents(
      ShadowDocument previous, ShadowDocument current, @Nullable String token, long now) {
    JsonObject answer = new JsonObject();
    answer.add("previous", full(previous));
    answer.add("current", full(current));
    return finish(answer, token, now);
  }

  static JsonObject deleted(long version, @Nullable String token, long now) {
    JsonObject answer = new JsonObject();
    answer.addProperty("version", version);
    return finish(answer, token, now);
  }

  static JsonObject rejected(ShadowException reason, @Nullable String token, long now) {
    JsonObject answer = new JsonObject();
    answer.addProperty("code", reason.status());
    answer.addProperty("message", reason.getMessage());
    return finish(answer, token, now);
  }

  private static JsonObject full(ShadowDocument document) {
    JsonObject state = new JsonObject();
    JsonObject metadata = new JsonObject();
    section(DESIRED, document.desired(), new Section(state, metadata));
    section(REPORTED, document.reported(), new Section(state, metadata));
    JsonObject full = new JsonObject();
    full.add(STATE, state);
    full.add(METADATA, metadata);
    full.addProperty("version", document.version());
    return full;
  }

  private static void section(String name, @Nullable Section section, Section out) {
    if (section != null) {
      out.state().add(name, section.state());
      out.metadata().add(name, section.metadata());
    }
  }

  private static void sent(String name, ShadowRequest.Change change, long now, Section out) {
    switch (change.kind()) {
      case UNTOUCHED -> {}
      case REMOVED -> out.state().add(name, JsonNull.INSTANCE);
      case SENT -> section(name, Section.ofSent(change.sent(), now), out);
    }
  }

  private static JsonObject finish(JsonObject answer, @Nullable String token, long now) {
    answer.addProperty("timestamp", now);
    if (token != null) {
      answer.addProperty("clientToken", token);
    }
    return answer;
  }
}
