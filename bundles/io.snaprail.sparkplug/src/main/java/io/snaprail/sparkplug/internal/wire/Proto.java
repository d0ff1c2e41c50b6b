package io.snaprail.sparkplug.internal.wire;

/** The wire format of Protocol Buffers ("Encoding", message structure). */
final class Proto {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  static final int TYPE_BITS = 3;

  /** Longest varint, in bytes. */
  static final int MAX_VARINT = 10;

  private Proto() {}
}
