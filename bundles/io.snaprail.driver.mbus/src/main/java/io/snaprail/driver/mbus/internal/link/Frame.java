package io.snaprail.driver.mbus.internal.link;

import java.util.Arrays;

/** What a meter sends (EN 13757-2, format class FT 1.2). */
public sealed interface Frame {
  /** The single character E5: understood. */
  record Ack() implements Frame {}

  /**
   * A long frame whose lengths, checksum and end are right.
   *
   * @param control C field
   * @param address A field, 0..255
   * @param information CI field, 0..255
   * @param data behind the CI field
   */
  @SuppressWarnings("ArrayRecordComponent") // Made once and only read.
  record Data(int control, int address, int information, byte[] data) implements Frame {}

  /** First byte of a long frame. */
  int LONG_START = 0x68;

  /** First byte of a short frame. */
  int SHORT_START = 0x10;

  /** Last byte of a frame. */
  int END = 0x16;

  /** The single character. */
  int ACK = 0xE5;

  /** Longest frame. */
  int LONGEST = 255 + 6;

  /** The short frame of a request. */
  static byte[] request(int control, int address) {
    return new byte[] {
      SHORT_START, (byte) control, (byte) address, (byte) (control + address), END
    };
  }

  /** The long frame of a request. */
  static byte[] request(int control, int address, int information, byte... data) {
    byte[] frame = new byte[data.length + 9];
    frame[0] = LONG_START;
    frame[1] = (byte) (data.length + 3);
    frame[2] = frame[1];
    frame[3] = LONG_START;
    frame[4] = (byte) control;
    frame[5] = (byte) address;
    frame[6] = (byte) information;
    System.arraycopy(data, 0, frame, 7, data.length);
    frame[frame.length - 2] = (byte) sum(frame, 4, frame.length - 2);
    frame[frame.length - 1] = END;
    return frame;
  }

  /**
   * How many bytes a frame has.
   *
   * @param bytes what has come; its first byte begins a frame
   * @param count how many have come, 1 or more
   * @return at least 1; more than have come when more must come before it is known
   * @throws BrokenFrameException when it cannot become a frame
   */
  static int length(byte[] bytes, int count) throws BrokenFrameException {
    int start = bytes[0] & 0xff;
    if (start == ACK) {
      return 1;
    }
    if (start != LONG_START) {
      throw new BrokenFrameException("expected it to begin with E5 or 68, found " + hex(start));
    }
    if (count < 4) {
      return 4;
    }
    int length = bytes[1] & 0xff;
    if (bytes[1] != bytes[2] || bytes[3] != LONG_START || length < 3) {
      throw new BrokenFrameException(
          "expected a head 68 L L 68 with L 3 or more, found 68 %s %s %s"
              .formatted(hex(bytes[1]), hex(bytes[2]), hex(bytes[3])));
    }
    return length + 6;
  }

  /**
   * Takes a frame of the length that {@link #length} gives.
   *
   * @throws BrokenFrameException when its checksum or its end is wrong
   */
  static Frame parse(byte[] bytes, int length) throws BrokenFrameException {
    if (length == 1) {
      return new Ack();
    }
    int sum = sum(bytes, 4, length - 2);
    int found = bytes[length - 2] & 0xff;
    if (sum != found) {
      throw new BrokenFrameException("expected the checksum " + hex(sum) + ", found " + hex(found));
    }
    if (bytes[length - 1] != END) {
      throw new BrokenFrameException("expected 16 at its end, found " + hex(bytes[length - 1]));
    }
    return new Data(
        bytes[4] & 0xff,
        bytes[5] & 0xff,
        bytes[6] & 0xff,
        Arrays.copyOfRange(bytes, 7, length - 2));
  }

  private static int sum(byte[] bytes, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      sum += bytes[i];
    }
    return sum & 0xff;
  }

  private static String hex(int value) {
    return "%02X".formatted(value & 0xff);
  }
}
