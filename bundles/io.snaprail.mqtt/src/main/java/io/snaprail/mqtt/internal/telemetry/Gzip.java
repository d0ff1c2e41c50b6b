package io.snaprail.mqtt.internal.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** Compression of payloads as they leave the spool. */
final class Gzip {
  private Gzip() {}

  static byte[] pack(byte[] payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(payload.length / 2 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(payload);
    } catch (IOException e) {
      throw new UncheckedIOException("into memory, which does not fail", e);
    }
    return bytes.toByteArray();
  }
}
