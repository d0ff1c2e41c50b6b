package io.snaprail.sparkplug.internal.wire;

import java.nio.charset.StandardCharsets;

/**
 * Reads fields in the wire format of Protocol Buffers from a stranger. Every fault is an {@link
 * IllegalArgumentException} that names the place; nothing is allocated before it is known to be
 * there. Not for several threads.
 */
final class ProtoReader {
  private final byte[] bytes;
  private final int end;
  private int at;
  private int type;

  ProtoReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ProtoReader(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.at = start;
    this.end = end;
  }

  /** The number of the next field; 0 at the end. It must then be read or skipped. */
  int field() {
    if (at >= end) {
      return 0;
    }
    long tag = varintBytes();
    long number = tag >>> Proto.TYPE_BITS;
    type = (int) (tag & 7);
    if (number < 1 || number > (1 << 29) - 1) {
      throw wrong("a field number of 1..2^29-1", Long.toString(number));
    }
    return (int) number;
  }

  long varint() {
    expect(Proto.VARINT);
    return varintBytes();
  }

  int fixed32() {
    expect(Proto.FIXED32);
    return (int) fixed(Integer.BYTES);
  }

  long fixed64() {
    expect(Proto.FIXED64);
    return fixed(Long.BYTES);
  }

  String string() {
    expect(Proto.LENGTH);
    int count = length();
    String text = new String(bytes, at, count, StandardCharsets.UTF_8);
    at += count;
    return text;
  }

  /** The message in this field; it shares the bytes. */
  ProtoReader message() {
    expect(Proto.LENGTH);
    int count = length();
    ProtoReader nested = new ProtoReader(bytes, at, at + count);
    at += count;
    return nested;
  }

  /** Passes over a field that is of no use here. */
  void skip() {
    switch (type) {
      case Proto.VARINT -> varintBytes();
      case Proto.FIXED64 -> fixed(Long.BYTES);
      case Proto.LENGTH -> at += length();
      case Proto.FIXED32 -> fixed(Integer.BYTES);
      // Groups are of a version that Sparkplug does not use.
      default -> throw wrong("a field of type 0, 1, 2 or 5", Integer.toString(type));
    }
  }

  private void expect(int expected) {
    if (type != expected) {
      throw wrong("a field of type " + expected, Integer.toString(type));
    }
  }

  private int length() {
    long count = varintBytes();
    if (count < 0 || count > end - at) {
      throw wrong("a length of 0.." + (end - at), Long.toUnsignedString(count));
    }
    return (int) count;
  }

  private long fixed(int count) {
    if (end - at < count) {
      throw wrong(count + " bytes", Integer.toString(end - at));
    }
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (bytes[at++] & 0xffL) << (8 * i);
    }
    return value;
  }

  private long varintBytes() {
    long value = 0;
    for (int i = 0; i < Proto.MAX_VARINT; i++) {
      if (at >= end) {
        throw wrong("more of a number", "the end");
      }
      byte next = bytes[at++];
      value |= (next & 0x7fL) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw wrong("a number of at most " + Proto.MAX_VARINT + " bytes", "more");
  }

  private IllegalArgumentException wrong(String expected, String found) {
    return new IllegalArgumentException(
        "payload, byte " + at + ": expected " + expected + ", found " + found);
  }
}
