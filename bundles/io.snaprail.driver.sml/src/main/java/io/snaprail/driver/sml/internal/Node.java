package io.snaprail.driver.sml.internal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An element of a message (SML 1.04, clause 6: type, length, value). */
sealed interface Node {
  /** An optional element that is left out. */
  record Absent() implements Node {}

  /** Bytes. */
  @SuppressWarnings("ArrayRecordComponent") // Made once and only read.
  record Octets(byte[] bytes) implements Node {}

  /** True or false. */
  record Flag(boolean value) implements Node {}

  /**
   * A whole number.
   *
   * @param value with its sign
   * @param bytes 1..8, how many it was sent with
   */
  record Whole(BigInteger value, int bytes) implements Node {
    /** The same bits without a sign. */
    BigInteger unsigned() {
      return value.signum() >= 0 ? value : value.add(BigInteger.ONE.shiftLeft(8 * bytes));
    }
  }

  /** Elements. */
  record Items(List<Node> items) implements Node {
    /** Copies the list. */
    public Items {
      items = List.copyOf(items);
    }

    /** The element at a place; absent when there are fewer. */
    Node at(int place) {
      return place < items.size() ? items.get(place) : new Absent();
    }
  }

  /** Reads elements one after another. */
  final class Reader {
    private static final int DEEPEST = 16;
    private static final int LONGEST_NUMBER = 8;

    private final byte[] bytes;
    private int place;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean atEnd() {
      return place >= bytes.length;
    }

    /** What is at the end of a message, and fills up behind the last. */
    void skipZeros() {
      while (!atEnd() && bytes[place] == 0) {
        place++;
      }
    }

    Node next() throws BadFileException {
      return next(0);
    }

    private Node next(int depth) throws BadFileException {
      if (depth > DEEPEST) {
        throw new BadFileException("expected lists in lists 16 deep at most, found more");
      }
      int begin = place;
      int head = one();
      int type = head >> 4 & 0x07;
      long length = head & 0x0f;
      int heads = 1;
      while ((head & 0x80) != 0) {
        head = one();
        heads++;
        if ((head & 0x70) != 0 || heads > 4) {
          throw wrong(begin, "a length of four bytes at most");
        }
        length = length << 4 | (head & 0x0f);
      }
      if (type == 7) {
        return list(length, depth);
      }
      if (type == 0 && heads == 1 && length <= 1) {
        return new Absent();
      }
      return value(begin, type, length - heads);
    }

    private Node list(long length, int depth) throws BadFileException {
      // Every element has a byte: a longer list cannot be whole, and must not take the memory.
      if (length > bytes.length - place) {
        throw wrong(place, length + " elements");
      }
      List<Node> items = new ArrayList<>();
      for (int i = 0; i < length; i++) {
        items.add(next(depth + 1));
      }
      return new Items(items);
    }

    private Node value(int begin, int type, long length) throws BadFileException {
      if (length < 0 || length > bytes.length - place) {
        throw wrong(begin, length + " bytes of a value");
      }
      byte[] value = Arrays.copyOfRange(bytes, place, place + (int) length);
      place += (int) length;
      boolean number = length >= 1 && length <= LONGEST_NUMBER;
      return switch (type) {
        case 0 -> new Octets(value);
        case 4 -> {
          if (length != 1) {
            throw wrong(begin, "one byte of a boolean");
          }
          yield new Flag(value[0] != 0);
        }
        case 5, 6 -> {
          if (!number) {
            throw wrong(begin, "a number of 1 to 8 bytes");
          }
          yield new Whole(
              type == 5 ? new BigInteger(value) : new BigInteger(1, value), value.length);
        }
        default -> throw wrong(begin, "a type that there is");
      };
    }

    private int one() throws BadFileException {
      if (atEnd()) {
        throw wrong(place, "another element");
      }
      return bytes[place++] & 0xff;
    }

    private static BadFileException wrong(int at, String expected) {
      return new BadFileException("at byte " + at + ": expected " + expected);
    }
  }
}
