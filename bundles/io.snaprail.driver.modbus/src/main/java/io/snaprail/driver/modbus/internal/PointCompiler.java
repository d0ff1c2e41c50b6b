package io.snaprail.driver.modbus.internal;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.modbus.internal.ModbusAddress.Half;
import io.snaprail.driver.modbus.internal.codec.Codecs;
import io.snaprail.driver.modbus.internal.codec.RegisterCodec;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.Locale;

/**
 * Makes points of definitions. Messages are for whoever wrote the register map.
 *
 * @param zeroBased whether {@code holding:0} is the first register; else {@code holding:1} is
 * @param maxRegisters largest read of registers, 1..125
 * @param writeFunction by which values are written
 */
record PointCompiler(boolean zeroBased, int maxRegisters, WriteFunction writeFunction) {

  /**
   * A point that is read.
   *
   * @throws IllegalArgumentException what is wrong with it: expected and found
   */
  ModbusPoint readable(PointDefinition definition) {
    ModbusPoint point = point(definition);
    if (!point.table().bits() && point.width() > maxRegisters) {
      throw new IllegalArgumentException(
          "type '"
              + definition.type()
              + "' takes "
              + point.width()
              + " registers, but max.registers is "
              + maxRegisters);
    }
    return point;
  }

  /**
   * A point that is written.
   *
   * @throws IllegalArgumentException what is wrong with it: expected and found
   */
  ModbusPoint writable(PointDefinition definition) {
    ModbusPoint point = point(definition);
    if (!point.table().writable()) {
      throw new IllegalArgumentException(
          "address '"
              + definition.address()
              + "': "
              + point.table().label()
              + " can only be read: expected coil or holding, or access 'r'");
    }
    if (!point.codec().writable()) {
      throw new IllegalArgumentException(
          "type '"
              + definition.type()
              + "': its scale factor is the device's, so that it can only be read: use access 'r'");
    }
    if (!point.table().bits() && point.width() > writeFunction.maxRegisters()) {
      throw new IllegalArgumentException(
          "type '"
              + definition.type()
              + "' takes "
              + point.width()
              + " registers, but one write takes at most "
              + writeFunction.maxRegisters()
              + ": use access 'r'");
    }
    return point;
  }

  private ModbusPoint point(PointDefinition definition) {
    ModbusAddress address = ModbusAddress.parse(definition.address(), zeroBased);
    RegisterCodec codec = codec(definition, address);
    int start = address.wire() - codec.before();
    int last = start + codec.width() - 1;
    if (start < 0 || last >= Table.SIZE) {
      int first = zeroBased ? 0 : 1;
      throw new IllegalArgumentException(
          "address '"
              + definition.address()
              + "': expected "
              + first
              + ".."
              + (Table.SIZE - 1 + first)
              + " for all "
              + codec.width()
              + " registers of "
              + codec.type()
              + ", found "
              + (start + first)
              + ".."
              + (last + first));
    }
    return new ModbusPoint(address.table(), start, codec);
  }

  private static RegisterCodec codec(PointDefinition definition, ModbusAddress address) {
    String type = definition.type().trim();
    String order = definition.order().trim();
    String name = type.toLowerCase(Locale.ROOT);
    boolean single = address.table().bits() || address.bit() >= 0;
    if (!single) {
      if (name.equals(Codecs.BOOL)) {
        throw new IllegalArgumentException(
            "type 'bool' at '"
                + definition.address()
                + "': a register has 16 bits: name one, such as '"
                + definition.address()
                + ".0', or use a coil or discrete address");
      }
      return inRegisters(type, order, address.half());
    }
    if (!name.isEmpty() && !name.equals(Codecs.BOOL)) {
      throw new IllegalArgumentException(
          "type '"
              + type
              + "' at '"
              + definition.address()
              + "': a single bit is of type bool"
              + (Codecs.known(name) ? "" : Codecs.suggestion(name)));
    }
    if (address.bit() >= 0) {
      return Codecs.bit(address.bit(), order);
    }
    if (!order.isEmpty()) {
      throw new IllegalArgumentException(
          "order '" + order + "': a " + address.table().label() + " has none: leave it empty");
    }
    return Codecs.bool();
  }

  private static RegisterCodec inRegisters(String type, String order, Half half) {
    if (half != Half.NONE && Codecs.known(type) && !Codecs.isByte(type)) {
      throw new IllegalArgumentException(
          "type '" + type + "': '.h' and '.l' name one byte: expected int8 or uint8");
    }
    return half == Half.HIGH ? Codecs.highByte(type, order) : Codecs.of(type, order);
  }
}
