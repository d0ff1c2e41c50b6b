package io.snaprail.testkit.modbus;

/**
 * A request as it came over the line.
 *
 * @param connection number of the connection it came on, from 1
 * @param transaction transaction identifier, 0..65535
 * @param unit unit identifier, 0..255
 * @param pdu function code and data
 */
public record Request(int connection, int transaction, int unit, byte[] pdu) {

  /** Takes a copy of the bytes. */
  public Request {
    pdu = pdu.clone();
  }

  @Override
  public byte[] pdu() {
    return pdu.clone();
  }

  /** Function code, 0..255. */
  public int function() {
    return pdu[0] & 0xff;
  }

  /** First address, 0..65535, of a function that has one. */
  public int address() {
    return word(1);
  }

  /** Count of a read or of a multiple write, or the value of a single write. */
  public int count() {
    return word(3);
  }

  /** Whether the function is one of 1..4. */
  public boolean isRead() {
    return function() >= 1 && function() <= 4;
  }

  private int word(int offset) {
    return pdu.length < offset + 2 ? -1 : (pdu[offset] & 0xff) << 8 | (pdu[offset + 1] & 0xff);
  }
}
