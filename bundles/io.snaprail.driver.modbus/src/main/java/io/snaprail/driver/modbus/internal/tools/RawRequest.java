package io.snaprail.driver.modbus.internal.tools;

import io.snaprail.driver.modbus.internal.rtu.RtuFrame;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A request as somebody has made it up: any answer with its function code is right. */
final class RawRequest implements PduRequest {
  private final byte[] pdu;

  private RawRequest(byte[] pdu) {
    this.pdu = pdu;
  }

  /**
   * A request.
   *
   * @param function 1..127
   * @param data in hexadecimal digits, two a byte, with or without spaces
   * @param rtu whether it goes in an RTU frame
   * @throws IllegalArgumentException when it cannot be sent: expected and found
   */
  static RawRequest of(int function, String data, boolean rtu) {
    byte[] bytes = bytes(data);
    if (1 + bytes.length > AnswerCheck.MAX_PDU) {
      throw new IllegalArgumentException(
          "data: expected at most " + (AnswerCheck.MAX_PDU - 1) + " bytes, found " + bytes.length);
    }
    byte[] pdu = new byte[1 + bytes.length];
    pdu[0] = (byte) function;
    System.arraycopy(bytes, 0, pdu, 1, bytes.length);
    String unanswerable = rtu ? RtuFrame.unanswerable(pdu) : null;
    if (unanswerable != null) {
      throw new IllegalArgumentException("function: " + unanswerable);
    }
    return new RawRequest(pdu);
  }

  private static byte[] bytes(String data) {
    try {
      return HexFormat.of().parseHex(data.replaceAll("(?i)0x|[\\s,:-]", ""));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "data: expected bytes in hexadecimal such as 00 10 00 02, found '" + data + "'", e);
    }
  }

  @Override
  public byte[] pdu() {
    return pdu;
  }

  @Override
  public String operation() {
    return "a request with function " + pdu[0];
  }

  @Override
  public @Nullable String fault(byte[] answer) {
    return null;
  }
}
