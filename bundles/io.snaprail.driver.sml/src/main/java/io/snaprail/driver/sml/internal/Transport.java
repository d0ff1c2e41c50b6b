package io.snaprail.driver.sml.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts SML files out of what comes (SML 1.04, clause 8, transport version 1), and takes those only
 * whose checksum is right.
 */
public final class Transport {
  /** Longest file: eight times the longest that meters are known to send. */
  public static final int LONGEST = 16_384;

  private static final int ESCAPE = 0x1b;
  private static final int START = 0x01;
  private static final int END = 0x1a;
  private static final int GROUP = 4;

  private final byte[] bytes = new byte[LONGEST];

  /** Bytes of the file from its start sequence on; 0 while a start is looked for. */
  private int count;

  /** Where the last escape sequence ended, while what follows it is not whole; else 0. */
  private int escaped;

  private int escapes;
  private int starts;
  private int bad;
  private String fault = "";

  /**
   * Takes the next byte.
   *
   * @return the messages of a file that is whole and right with this byte, without escapes and
   *     filling; else null
   */
  public byte @Nullable [] take(byte next) {
    if (count == 0) {
      seek(next);
      return null;
    }
    if (count == LONGEST) {
      refuse("expected at most " + LONGEST + " bytes, found more");
      return null;
    }
    bytes[count++] = next;
    if (escaped > 0) {
      return count - escaped == GROUP ? group() : null;
    }
    escapes = next == ESCAPE ? escapes + 1 : 0;
    if (escapes == GROUP) {
      escaped = count;
      escapes = 0;
    }
    return null;
  }

  /** How many files were refused. */
  public int bad() {
    return bad;
  }

  /** Why the last one was; empty when none was. */
  public String fault() {
    return fault;
  }

  private void seek(byte next) {
    if (next == START && escapes >= GROUP) {
      starts++;
      if (starts == GROUP) {
        begin();
      }
      return;
    }
    escapes = next == ESCAPE ? (starts == 0 ? Math.min(GROUP, escapes + 1) : 1) : 0;
    starts = 0;
  }

  private void begin() {
    Arrays.fill(bytes, 0, GROUP, (byte) ESCAPE);
    Arrays.fill(bytes, GROUP, 2 * GROUP, (byte) START);
    count = 2 * GROUP;
    restart();
  }

  private void restart() {
    escaped = 0;
    escapes = 0;
    starts = 0;
  }

  private void refuse(String why) {
    bad++;
    fault = why;
    count = 0;
    restart();
  }

  /** The four bytes behind an escape sequence have come. */
  private byte @Nullable [] group() {
    int at = escaped;
    escaped = 0;
    if (same(at, ESCAPE)) {
      // The sequence itself, as data: it stands once in the file, twice in the checksum.
      return null;
    }
    if (same(at, START)) {
      bad++;
      fault = "a file began within another";
      begin();
      return null;
    }
    if (bytes[at] != END || bytes[at + 1] < 0 || bytes[at + 1] >= GROUP) {
      refuse(
          "expected 1A and 0 to 3 filling bytes behind an escape, found %02X %02X"
              .formatted(bytes[at], bytes[at + 1]));
      return null;
    }
    int sum = Crc.of(bytes, at + 2);
    int found = (bytes[at + 2] & 0xff) | (bytes[at + 3] & 0xff) << 8;
    if (sum != found) {
      refuse("expected the checksum %04X, found %04X".formatted(sum, found));
      return null;
    }
    byte[] file = content(at - GROUP - bytes[at + 1]);
    count = 0;
    restart();
    return file;
  }

  private boolean same(int at, int value) {
    for (int i = at; i < at + GROUP; i++) {
      if (bytes[i] != value) {
        return false;
      }
    }
    return true;
  }

  /** What stands between start and end, each doubled escape sequence once. */
  private byte[] content(int to) {
    byte[] content = new byte[Math.max(0, to - 2 * GROUP)];
    int length = 0;
    int run = 0;
    for (int i = 2 * GROUP; i < to; i++) {
      content[length++] = bytes[i];
      run = bytes[i] == ESCAPE ? run + 1 : 0;
      if (run == GROUP) {
        i += GROUP;
        run = 0;
      }
    }
    return Arrays.copyOf(content, length);
  }
}
