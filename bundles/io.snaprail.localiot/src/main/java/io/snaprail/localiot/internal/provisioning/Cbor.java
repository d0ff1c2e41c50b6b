package io.snaprail.localiot.internal.provisioning;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * As much CBOR (RFC 8949) as it takes to refuse it in its own language: a flat map of texts and
 * small numbers.
 */
final class Cbor {
  private static final int NUMBER = 0;
  private static final int TEXT = 3;
  private static final int MAP = 5;

  private Cbor() {}

  static byte[] map(JsonObject flat) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    head(out, MAP, flat.size());
    for (Map.Entry<String, JsonElement> entry : flat.entrySet()) {
      text(out, entry.getKey());
      JsonPrimitive value = entry.getValue().getAsJsonPrimitive();
      if (value.isNumber()) {
        head(out, NUMBER, value.getAsInt());
      } else {
        text(out, value.getAsString());
      }
    }
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    head(out, TEXT, bytes.length);
    out.writeBytes(bytes);
  }

  // Section 3: major type in three bits; up to 23 in the rest, or one or two bytes behind.
  private static void head(ByteArrayOutputStream out, int major, int value) {
    if (value < 24) {
      out.write(major << 5 | value);
    } else if (value < 256) {
      out.write(major << 5 | 24);
      out.write(value);
    } else {
      out.write(major << 5 | 25);
      out.write(value >> 8);
      out.write(value);
    }
  }
}
