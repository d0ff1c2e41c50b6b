package io.snaprail.driver.modbus.internal.transport;

import org.jspecify.annotations.Nullable;

/** Tells whether a protocol data unit answers a request. The same for every transport. */
public final class AnswerCheck {
  /** Longest protocol data unit in bytes (Modbus Application Protocol V1.1b3, section 4.1). */
  public static final int MAX_PDU = 253;

  private static final int EXCEPTION_FLAG = 0x80;

  private AnswerCheck() {}

  /**
   * Checks function code, exception form, and then what the request itself knows.
   *
   * @return what is wrong, expected and found; null when the answer is right or is a well-formed
   *     exception
   */
  public static @Nullable String fault(PduRequest request, byte[] answer) {
    int expected = request.pdu()[0] & 0xff;
    if (answer.length < 2) {
      return "answer of " + answer.length + " byte, expected at least 2";
    }
    int found = answer[0] & 0xff;
    if (found == (expected | EXCEPTION_FLAG)) {
      return answer.length == 2 && answer[1] != 0
          ? null
          : "malformed exception: " + answer.length + " bytes, code " + (answer[1] & 0xff);
    }
    if (found != expected) {
      return "answer with function " + found + ", expected " + expected;
    }
    return request.fault(answer);
  }

  /**
   * The same as {@link #fault}, for transports.
   *
   * @return the answer
   * @throws WrongAnswerException when it is wrong
   */
  public static byte[] checked(PduRequest request, byte[] answer) throws WrongAnswerException {
    String fault = fault(request, answer);
    if (fault != null) {
      throw new WrongAnswerException(fault);
    }
    return answer;
  }

  /** The exception code of a checked answer, 1..255; 0 when it is not an exception. */
  public static int exceptionCode(byte[] answer) {
    return (answer[0] & EXCEPTION_FLAG) == 0 ? 0 : answer[1] & 0xff;
  }
}
