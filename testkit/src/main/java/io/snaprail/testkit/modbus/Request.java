package io.snaprail.testkit.modbus;

/** A request as it came over the line. */
public final class Request {
  private final int connection;
  private final int transaction;
  private final int unit;
  private final byte[] pdu;

  Request(int connection, int transaction, int unit, byte[] pdu) {
    this.connection = connection;
    this.transaction = transaction;
    this.unit = unit;
    this.pdu = pdu.clone();
  }

  /** Number of the connection it came on, from 1. */
  public int connection() {
    return connection;
  }

  /** Transaction identifier, 0..65535. */
  public int transaction() {
    return transaction;
  }

  /** Unit identifier, 0..255. */
  public int unit() {
    return unit;
  }

  /** Function code and data. */
  public byte[] pdu() {
    return pdu.clone();
  }

  /** Function code, 0..255. */
  public int function() {
    return pdu[0] & 0xff;
  }

  /** First address, 0..65535; -1 for a function that has none. */
  public int address() {
    return word(1);
  }

  /** Count of a read or of a multiple write, or the value of a single write; -1 when none. */
  public int count() {
    return word(3);
  }

  private int word(int offset) {
    return pdu.length < offset + 2 ? -1 : (pdu[offset] & 0xff) << 8 | (pdu[offset + 1] & 0xff);
  }
}
