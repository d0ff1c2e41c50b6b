package io.snaprail.testkit.modbus;

/** The four areas of a Modbus device (Modbus Application Protocol V1.1b3, section 4.3). */
public enum Area {
  /** Bits that are read and written. */
  COIL,
  /** Bits that are read only. */
  DISCRETE,
  /** Registers that are read and written. */
  HOLDING,
  /** Registers that are read only. */
  INPUT
}
