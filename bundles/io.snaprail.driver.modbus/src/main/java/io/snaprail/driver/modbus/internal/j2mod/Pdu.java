package io.snaprail.driver.modbus.internal.j2mod;

import com.ghgande.j2mod.modbus.msg.ModbusMessage;

/** The bytes of j2mod's messages. */
final class Pdu {
  private Pdu() {}

  /** Function code and data. */
  static byte[] bytes(ModbusMessage message) {
    byte[] data = message.getMessage();
    byte[] pdu = new byte[1 + data.length];
    pdu[0] = (byte) message.getFunctionCode();
    System.arraycopy(data, 0, pdu, 1, data.length);
    return pdu;
  }
}
