package io.snaprail.driver.modbus.internal.rtu;

import io.snaprail.driver.modbus.internal.transport.InputBuffer;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import org.jspecify.annotations.Nullable;

/**
 * How long the frame of an answer is, as far as its first bytes tell (Modbus Application Protocol
 * V1.1b3, section 6).
 */
final class RtuLength {
  /** Unit and function code. */
  static final int HEAD = 2;

  /** Bytes of the checksum. */
  static final int CRC = 2;

  static final int EXCEPTION_FLAG = 0x80;

  private static final int DEVICE_IDENTIFICATION = 14;

  private RtuLength() {}

  /** Why the length of the answer to a request could not be told; null when it can. */
  static @Nullable String unknownAnswer(byte[] pdu) {
    return switch (pdu[0]) {
      case 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 16, 17, 20, 21, 22, 23, 24 -> null;
      case 43 ->
          pdu.length > 1 && pdu[1] == DEVICE_IDENTIFICATION
              ? null
              : lengthOf("function 43 unless its type is " + DEVICE_IDENTIFICATION);
      default -> lengthOf("function " + pdu[0]);
    };
  }

  /**
   * The least length of the frame, checksum included. It is the length itself when it is what was
   * known already.
   *
   * @param known how many bytes are there, at least {@link #HEAD}
   * @throws WrongAnswerException when the length of such an answer is not known
   */
  static int atLeast(InputBuffer input, int known) throws WrongAnswerException {
    int function = input.octet(1);
    if ((function & EXCEPTION_FLAG) != 0) {
      return HEAD + 1 + CRC;
    }
    return switch (function) {
      case 1, 2, 3, 4, 12, 17, 20, 21, 23 -> counted(input, known);
      case 5, 6, 8, 11, 15, 16 -> HEAD + 4 + CRC;
      case 7 -> HEAD + 1 + CRC;
      case 22 -> HEAD + 6 + CRC;
      case 24 -> known < HEAD + 2 ? HEAD + 2 : HEAD + 2 + input.word(HEAD) + CRC;
      case 43 -> identification(input, known);
      default -> throw unknown("function " + function);
    };
  }

  private static int counted(InputBuffer input, int known) {
    return known == HEAD ? HEAD + 1 : HEAD + 1 + input.octet(HEAD) + CRC;
  }

  /**
   * Section 6.21: type, read code, conformity, more follows, next object, number of objects; then
   * of each object its number, its length and its bytes.
   */
  private static int identification(InputBuffer input, int known) throws WrongAnswerException {
    int position = HEAD + 6;
    if (known < position) {
      return position;
    }
    if (input.octet(HEAD) != DEVICE_IDENTIFICATION) {
      throw unknown("function 43 type " + input.octet(HEAD));
    }
    int objects = input.octet(HEAD + 5);
    for (int i = 0; i < objects; i++) {
      if (known < position + 2) {
        return position + 2;
      }
      position += 2 + input.octet(position + 1);
    }
    return position + CRC;
  }

  private static WrongAnswerException unknown(String what) {
    return new WrongAnswerException(lengthOf(what));
  }

  private static String lengthOf(String what) {
    return "the length of an answer to " + what + " is not known, so it cannot be used over RTU";
  }
}
