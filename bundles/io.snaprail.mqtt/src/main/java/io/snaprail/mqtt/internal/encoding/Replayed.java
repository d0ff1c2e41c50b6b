package io.snaprail.mqtt.internal.encoding;

import java.nio.charset.StandardCharsets;

/** Marks a JSON object as one that has waited or may come a second time. */
final class Replayed {
  private static final byte[] MARK = "{\"replayed\":true,".getBytes(StandardCharsets.UTF_8);

  private Replayed() {}

  /** What is not an object with something in it stays as it is. */
  static byte[] mark(byte[] payload) {
    return inserted(MARK, payload);
  }

  /** An object with a member before its first; {@code mark} with its brace and its comma. */
  static byte[] inserted(byte[] mark, byte[] payload) {
    if (payload.length < 3 || payload[0] != '{') {
      return payload;
    }
    byte[] marked = new byte[mark.length + payload.length - 1];
    System.arraycopy(mark, 0, marked, 0, mark.length);
    System.arraycopy(payload, 1, marked, mark.length, payload.length - 1);
    return marked;
  }
}
