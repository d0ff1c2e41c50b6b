package io.snaprail.driver.modbus.internal.transport;

/**
 * The header of Modbus on TCP and UDP: transaction, protocol, length, unit, then the protocol data
 * unit (Modbus Messaging on TCP/IP V1.0b, section 3.1.3).
 */
public final class Mbap {
  /** Bytes before the protocol data unit. */
  public static final int HEADER = 7;

  /** Bytes of the header that its length field does not count. */
  public static final int UNCOUNTED = 6;

  /** Longest frame. */
  public static final int MAX_FRAME = HEADER + AnswerCheck.MAX_PDU;

  private Mbap() {}

  /** A frame. */
  public static byte[] frame(int transaction, int unit, byte[] pdu) {
    byte[] frame = new byte[HEADER + pdu.length];
    putWord(frame, 0, transaction);
    putWord(frame, 4, 1 + pdu.length);
    frame[6] = (byte) unit;
    System.arraycopy(pdu, 0, frame, HEADER, pdu.length);
    return frame;
  }

  /**
   * Checks the fields that are the same in every answer.
   *
   * @return how many bytes follow the length field, 2..254
   */
  public static int checkedLength(int protocol, int length) throws WrongAnswerException {
    WrongAnswerException.unless(protocol == 0, "protocol identifier " + protocol + ", expected 0");
    WrongAnswerException.unless(
        length >= 2 && length <= 1 + AnswerCheck.MAX_PDU,
        "length " + length + " in the header, expected 2.." + (1 + AnswerCheck.MAX_PDU));
    return length;
  }

  /** Checks the fields that tell to which request an answer belongs. */
  public static void checkOwner(int transaction, int unit, int foundTransaction, int foundUnit)
      throws WrongAnswerException {
    if (foundTransaction != transaction) {
      throw foreign();
    }
    checkUnit(unit, foundUnit);
  }

  /** An answer belongs to none of the requests under way. */
  public static WrongAnswerException foreign() {
    return new WrongAnswerException("an answer with the transaction identifier of another request");
  }

  /** Checks in whose name an answer comes. */
  public static void checkUnit(int unit, int found) throws WrongAnswerException {
    WrongAnswerException.unless(
        found == unit, "an answer in the name of unit " + found + ", expected unit " + unit);
  }

  private static void putWord(byte[] bytes, int offset, int word) {
    bytes[offset] = (byte) (word >> 8);
    bytes[offset + 1] = (byte) word;
  }
}
