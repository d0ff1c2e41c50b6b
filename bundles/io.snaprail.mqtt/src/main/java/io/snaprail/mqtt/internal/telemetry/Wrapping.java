package io.snaprail.mqtt.internal.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/** What is done to a payload when it leaves the spool. */
final class Wrapping {
  private static final byte[] REPLAYED = "{\"replayed\":true,".getBytes(StandardCharsets.UTF_8);

  private Wrapping() {}

  /** Marks a JSON object as one that has waited or may come a second time. */
  static byte[] replayed(byte[] payload) {
    if (payload.length < 3 || payload[0] != '{') {
      return payload;
    }
    byte[] marked = new byte[REPLAYED.length + payload.length - 1];
    System.arraycopy(REPLAYED, 0, marked, 0, REPLAYED.length);
    System.arraycopy(payload, 1, marked, REPLAYED.length, payload.length - 1);
    return marked;
  }

  static byte[] gzip(byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length / 2 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(payload);
    } catch (IOException e) {
      throw new UncheckedIOException("into memory, which does not fail", e);
    }
    return bytes.toByteArray();
  }
}
