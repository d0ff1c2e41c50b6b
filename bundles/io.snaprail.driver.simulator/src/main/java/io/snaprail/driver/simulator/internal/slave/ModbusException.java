package io.snaprail.driver.simulator.internal.slave;

/** A request that is answered with an exception (MODBUS Application Protocol V1.1b3, section 7). */
public final class ModbusException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The function code is not known. */
  public static final int ILLEGAL_FUNCTION = 1;

  /** There is no such register or coil. */
  public static final int ILLEGAL_ADDRESS = 2;

  /** A quantity or value is not allowed. */
  public static final int ILLEGAL_VALUE = 3;

  /** There is no such unit behind this gateway. */
  public static final int NO_SUCH_UNIT = 11;

  private final int code;

  /** An exception with one of the codes above. */
  public ModbusException(int code) {
    super("exception " + code, null, false, false);
    this.code = code;
  }

  /** The exception code. */
  public int code() {
    return code;
  }
}
