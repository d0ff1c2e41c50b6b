package io.snaprail.driver.simulator.internal.slave;

/** The four tables of a slave. A request sees and changes all it names at one moment. */
public interface RegisterBank {

  /** A table of bits. */
  enum Bits {
    /** Function 1; may be written. */
    COIL,
    /** Function 2. */
    DISCRETE
  }

  /** A table of registers. */
  enum Registers {
    /** Function 3; may be written. */
    HOLDING,
    /** Function 4. */
    INPUT
  }

  /**
   * Reads bits.
   *
   * @throws ModbusException when one of them does not exist
   */
  boolean[] read(Bits table, int address, int count) throws ModbusException;

  /**
   * Reads registers, 0..65535 each.
   *
   * @throws ModbusException when one of them does not exist
   */
  int[] read(Registers table, int address, int count) throws ModbusException;

  /**
   * Writes coils, all or none.
   *
   * @throws ModbusException when one of them does not exist
   */
  void write(int address, boolean[] values) throws ModbusException;

  /**
   * Writes holding registers, 0..65535 each, all or none.
   *
   * @throws ModbusException when one of them does not exist or its value is not allowed
   */
  void write(int address, int[] values) throws ModbusException;
}
