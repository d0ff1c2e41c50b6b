package io.snaprail.sparkplug.internal.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes fields in the wire format of Protocol Buffers. Not for several threads. */
final class ProtoWriter {
  private byte[] buffer = new byte[256];
  private int length;

  void varint(int field, long value) {
    tag(field, Proto.VARINT);
    varint(value);
  }

  void fixed32(int field, int value) {
    tag(field, Proto.FIXED32);
    reserve(Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      buffer[length++] = (byte) (value >>> (8 * i));
    }
  }

  void fixed64(int field, long value) {
    tag(field, Proto.FIXED64);
    reserve(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      buffer[length++] = (byte) (value >>> (8 * i));
    }
  }

  void string(int field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    bytes(field, bytes, bytes.length);
  }

  void message(int field, ProtoWriter nested) {
    bytes(field, nested.buffer, nested.length);
  }

  byte[] toBytes() {
    return Arrays.copyOf(buffer, length);
  }

  private void bytes(int field, byte[] bytes, int count) {
    tag(field, Proto.LENGTH);
    varint(count);
    reserve(count);
    System.arraycopy(bytes, 0, buffer, length, count);
    length += count;
  }

  private void tag(int field, int type) {
    varint(((long) field << Proto.TYPE_BITS) | type);
  }

  private void varint(long value) {
    reserve(Proto.MAX_VARINT);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[length++] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    buffer[length++] = (byte) rest;
  }

  private void reserve(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, length + more));
    }
  }
}
