package io.snaprail.driver.iec62056.internal;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Takes a readout as it comes, character by character (IEC 62056-21, clauses 6.3.2 and 6.3.13; DSMR
 * 5.0.2 P1, clause 6.2).
 */
public final class Readout {
  /** Longest readout. */
  public static final int LONGEST = 65_536;

  private static final char STX = 0x02;
  private static final char ETX = 0x03;
  private static final int CRC_DIGITS = 4;

  private final StringBuilder text = new StringBuilder();
  private final StringBuilder trailer = new StringBuilder();
  private final boolean needsCheck;
  private @Nullable Identification identification;

  /** Whether there is something to check with; from the end on, whether that was right. */
  private boolean checked;

  /** What the block is checked with; 0 before it has begun. */
  private int sum;

  private State state;

  private enum State {
    IDENTIFICATION,
    START,
    DATA,
    END,
    ETX_NEXT,
    BCC_NEXT,
    DONE
  }

  private Readout(State first, boolean needsCheck) {
    state = first;
    this.needsCheck = needsCheck;
  }

  /**
   * The data block that follows a request.
   *
   * @param needsCheck whether a block without a check character is refused, as in mode C
   */
  public static Readout block(boolean needsCheck) {
    return new Readout(State.START, needsCheck);
  }

  /** What a meter sends by itself, from its identification on. */
  public static Readout telegram() {
    return new Readout(State.IDENTIFICATION, false);
  }

  /** Who sent a telegram; null for a block. */
  public @Nullable Identification identification() {
    return identification;
  }

  /** Whether a check character or a checksum was there, and right. */
  public boolean checked() {
    return checked;
  }

  /**
   * Takes a character.
   *
   * @return the data sets once it is whole; null before
   * @throws BadReadoutException when it is none; take no more then
   */
  public @Nullable List<DataSet> take(char next) throws BadReadoutException {
    if (text.length() >= LONGEST) {
      throw new BadReadoutException("expected at most " + LONGEST + " characters, found more");
    }
    switch (state) {
      case IDENTIFICATION -> identify(next);
      case START -> start(next);
      case DATA -> data(next);
      case END -> end(next);
      case ETX_NEXT -> etx(next);
      case BCC_NEXT -> bcc(next);
      case DONE -> throw new BadReadoutException("expected nothing more");
    }
    return state == State.DONE ? DataSet.all(text.toString()) : null;
  }

  /** Looks for a line that begins with a slash; anything before it is of a telegram before. */
  private void identify(char next) throws BadReadoutException {
    if (next == '/') {
      text.setLength(0);
      sum = 0;
    }
    sum = crc(sum, next);
    text.append(next);
    if (next == '\n') {
      String line = text.toString().strip();
      text.setLength(0);
      if (line.startsWith("/")) {
        identification = Identification.of(line);
        state = State.DATA;
      }
    }
  }

  private void start(char next) throws BadReadoutException {
    if (next == STX) {
      checked = true;
      state = State.DATA;
    } else if (next > ' ' && needsCheck) {
      throw new BadReadoutException(
          "expected STX in front of the data, found 0x%02x".formatted((int) next));
    } else if (next > ' ') {
      state = State.DATA;
      data(next);
    }
  }

  private void data(char next) throws BadReadoutException {
    if (next == STX || next == ETX) {
      throw new BadReadoutException("expected '!' at the end of the data, found 0x0" + (int) next);
    }
    sum = identification == null ? sum ^ next : crc(sum, next);
    if (next == '!') {
      state = State.END;
      trailer.setLength(0);
    } else {
      text.append(next);
    }
  }

  /** The line with the exclamation mark; a telegram of DSMR has its checksum there. */
  private void end(char next) throws BadReadoutException {
    sum = identification == null ? sum ^ next : sum;
    if (next != '\n') {
      trailer.append(next);
      if (trailer.length() > CRC_DIGITS + 1) {
        throw new BadReadoutException("expected a line end behind '!', found '" + trailer + "'");
      }
      return;
    }
    String digits = trailer.toString().strip();
    if (identification != null && !digits.isEmpty()) {
      requireSum("checksum", "%04X".formatted(sum), digits.toUpperCase(Locale.ROOT));
      checked = true;
    } else if (!digits.isEmpty()) {
      throw new BadReadoutException("expected a line end behind '!', found '" + digits + "'");
    }
    state = checked && identification == null ? State.ETX_NEXT : State.DONE;
  }

  private void etx(char next) throws BadReadoutException {
    if (next != ETX) {
      throw new BadReadoutException(
          "expected ETX behind the data, found 0x%02x".formatted((int) next));
    }
    sum ^= next;
    state = State.BCC_NEXT;
  }

  private void bcc(char next) throws BadReadoutException {
    requireSum("block check character", "%02X".formatted(sum), "%02X".formatted((int) next));
    state = State.DONE;
  }

  private static void requireSum(String what, String expected, String found)
      throws BadReadoutException {
    if (!expected.equals(found)) {
      throw new BadReadoutException("expected the " + what + " " + expected + ", found " + found);
    }
  }

  /** CRC-16/ARC, check value BB3D. */
  static int crc(int before, char next) {
    int crc = before ^ next;
    for (int bit = 0; bit < 8; bit++) {
      crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ 0xa001;
    }
    return crc;
  }
}
