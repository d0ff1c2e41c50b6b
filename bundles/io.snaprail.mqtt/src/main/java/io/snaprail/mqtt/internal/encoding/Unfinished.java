package io.snaprail.mqtt.internal.encoding;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON text that waits in the spool with places for what is known only when it is sent: whether
 * it is replayed. A place has the length of the longer word, so that no text grows when it is sent.
 */
final class Unfinished {
  // No JSON text has a control character, and none begins with a zero.
  private static final byte MARK = 1;
  private static final byte[] MAGIC = {0, 'S', 'U', 1};
  private static final byte[] YES = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NO = "false".getBytes(StandardCharsets.US_ASCII);

  /** A place. */
  static final String PLACE = String.valueOf((char) MARK).repeat(NO.length);

  private Unfinished() {}

  /** Says of a text that it has places. */
  static byte[] of(byte[] text) {
    byte[] payload = new byte[MAGIC.length + text.length];
    System.arraycopy(MAGIC, 0, payload, 0, MAGIC.length);
    System.arraycopy(text, 0, payload, MAGIC.length, text.length);
    return payload;
  }

  /** Whether a payload is such a text. */
  static boolean is(byte[] payload) {
    return payload.length > MAGIC.length
        && Arrays.equals(payload, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  /** The text of such a payload with its places filled. */
  static byte[] finish(byte[] payload, boolean replayed) {
    return filled(payload, MAGIC.length, replayed);
  }

  /** A text with its places filled. */
  static byte[] filled(byte[] text, int from, boolean replayed) {
    ByteArrayOutputStream filled = new ByteArrayOutputStream(text.length);
    for (int i = from; i < text.length; i++) {
      if (text[i] == MARK) {
        filled.writeBytes(replayed ? YES : NO);
        i += NO.length - 1;
      } else {
        filled.write(text[i]);
      }
    }
    return filled.toByteArray();
  }
}
