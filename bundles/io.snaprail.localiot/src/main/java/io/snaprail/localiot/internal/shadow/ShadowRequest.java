package io.snaprail.localiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request to the shadow service, read and found right.
 *
 * @param desired what to do with {@code desired}
 * @param reported what to do with {@code reported}
 * @param version the version that it must have; null for any
 * @param clientToken given back with the answer; null for none
 */
record ShadowRequest(
    Change desired, Change reported, @Nullable Long version, @Nullable String clientToken) {
  private static final Set<String> SECTIONS = Set.of("desired", "reported");
  private static final String INVALID_NODE = "State contains an invalid node";

  /** What a request does with a section. */
  enum Kind {
    /** Does not name it. */
    UNTOUCHED,
    /** Names it with null: it goes. */
    REMOVED,
    /** Brings values for it. */
    SENT
  }

  /**
   * A change of a section.
   *
   * @param sent what was sent; empty unless {@link Kind#SENT}
   */
  record Change(Kind kind, JsonObject sent) {
    static final Change UNTOUCHED = new Change(Kind.UNTOUCHED, new JsonObject());
    static final Change REMOVED = new Change(Kind.REMOVED, new JsonObject());
  }

  /** Reads the payload of an update. */
  static ShadowRequest update(byte[] payload) throws ShadowException {
    JsonObject request = object(text(payload));
    JsonElement state = request.get("state");
    if (state == null) {
      throw ShadowException.badRequest("Missing required node: state");
    }
    if (!state.isJsonObject()) {
      throw ShadowException.badRequest("State node must be an object");
    }
    JsonObject sections = state.getAsJsonObject();
    if (!SECTIONS.containsAll(sections.keySet())) {
      throw ShadowException.badRequest(INVALID_NODE);
    }
    return new ShadowRequest(
        change(sections.get("desired"), "Desired"),
        change(sections.get("reported"), "Reported"),
        version(request),
        clientToken(request));
  }

  /** Reads the payload of a get or delete, which may be empty. */
  static ShadowRequest plain(byte[] payload) throws ShadowException {
    String text = text(payload);
    JsonObject request = text.isBlank() ? new JsonObject() : object(text);
    return new ShadowRequest(
        Change.UNTOUCHED, Change.UNTOUCHED, version(request), clientToken(request));
  }

  /** The client token of a payload that may be anything, for the answer to a bad request. */
  static @Nullable String tokenOf(byte[] payload) {
    try {
      return clientToken(object(text(payload)));
    } catch (ShadowException tokenIsNotReadableEither) {
      return null;
    }
  }

  private static String text(byte[] payload) throws ShadowException {
    try {
      // A new decoder reports what is not UTF-8, where new String() would replace it.
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
    } catch (CharacterCodingException e) {
      throw ShadowException.notUtf8();
    }
  }

  private static JsonObject object(String text) throws ShadowException {
    try {
      return StrictJson.parseObject(text);
    } catch (JsonException e) {
      throw ShadowException.badRequest("Invalid JSON");
    }
  }

  private static Change change(@Nullable JsonElement section, String name) throws ShadowException {
    if (section == null) {
      return Change.UNTOUCHED;
    }
    if (section.isJsonNull()) {
      return Change.REMOVED;
    }
    if (!section.isJsonObject()) {
      throw ShadowException.badRequest(name + " node must be an object");
    }
    check(section, 0);
    return new Change(Kind.SENT, section.getAsJsonObject());
  }

  private static void check(JsonElement element, int depth) throws ShadowException {
    if (depth > Quotas.SHADOW_DEPTH) {
      throw ShadowException.tooDeep();
    }
    if (element.isJsonObject()) {
      for (JsonElement inner : element.getAsJsonObject().asMap().values()) {
        check(inner, depth + nested(inner));
      }
    } else if (element.isJsonArray()) {
      for (JsonElement inner : element.getAsJsonArray()) {
        if (inner.isJsonNull()) {
          throw ShadowException.badRequest(INVALID_NODE);
        }
        check(inner, depth + nested(inner));
      }
    }
  }

  private static int nested(JsonElement element) {
    return element.isJsonObject() || element.isJsonArray() ? 1 : 0;
  }

  private static @Nullable Long version(JsonObject request) throws ShadowException {
    JsonElement version = request.get("version");
    if (version == null || version.isJsonNull()) {
      return null;
    }
    boolean whole =
        version instanceof JsonPrimitive number
            && number.isNumber()
            && number.getAsString().matches("[0-9]{1,18}");
    if (!whole) {
      throw ShadowException.badRequest("Invalid version");
    }
    return Long.parseLong(version.getAsString());
  }

  private static @Nullable String clientToken(JsonObject request) throws ShadowException {
    JsonElement token = request.get("clientToken");
    if (token == null || token.isJsonNull()) {
      return null;
    }
    boolean valid =
        token instanceof JsonPrimitive text
            && text.isString()
            && text.getAsString().getBytes(StandardCharsets.UTF_8).length
                <= Quotas.CLIENT_TOKEN_BYTES;
    if (!valid) {
      throw ShadowException.badRequest("Invalid clientToken");
    }
    return token.getAsString();
  }
}
