package io.snaprail.driver.modbus.internal.transport;

/**
 * The four tables of a Modbus device (Modbus Application Protocol V1.1b3, section 4.3), each with
 * the function that reads it and the limits of that function (sections 6.1 to 6.4).
 */
public enum Table {
  /** Bits that are read and written. */
  COIL("coil", 1, 2000, '0'),
  /** Bits that are read only. */
  DISCRETE("discrete", 2, 2000, '1'),
  /** Registers that are read only. */
  INPUT("input", 4, 125, '3'),
  /** Registers that are read and written. */
  HOLDING("holding", 3, 125, '4');

  /** Addresses in each table. */
  public static final int SIZE = 65_536;

  private final String label;
  private final int readFunction;
  private final int maxRead;
  private final char digit;

  Table(String label, int readFunction, int maxRead, char digit) {
    this.label = label;
    this.readFunction = readFunction;
    this.maxRead = maxRead;
    this.digit = digit;
  }

  /** The name in addresses and messages. */
  public String label() {
    return label;
  }

  /** Function code of a read, 1..4. */
  public int readFunction() {
    return readFunction;
  }

  /** Most registers or bits that one read may ask for. */
  public int maxRead() {
    return maxRead;
  }

  /** The leading digit of traditional addresses such as 40101. */
  public char digit() {
    return digit;
  }

  /** Whether it holds single bits. */
  public boolean bits() {
    return this == COIL || this == DISCRETE;
  }

  /** Whether the protocol has a function that writes it. */
  public boolean writable() {
    return this == COIL || this == HOLDING;
  }
}
