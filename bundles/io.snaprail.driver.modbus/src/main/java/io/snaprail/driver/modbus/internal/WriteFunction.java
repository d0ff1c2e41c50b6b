package io.snaprail.driver.modbus.internal;

import io.snaprail.driver.modbus.internal.j2mod.ReadWriteRequest;
import io.snaprail.driver.modbus.internal.j2mod.WriteRequest;
import java.util.Locale;
import java.util.Map;

/** The functions by which a device is written. */
public enum WriteFunction {
  /** 5 and 6 for single coils and registers, 16 for several registers. */
  AUTO,
  /** 15 and 16 always. */
  MULTIPLE,
  /** 23 for registers, which are read back with it; 5 for coils. */
  READWRITE;

  private static final String KEY = "write.function";
  private static final String OLD_KEY = "write.multiple";

  /**
   * Reads the settings.
   *
   * @param function text of {@code write.function}
   * @param multiple the older {@code write.multiple}: true stands for {@link #MULTIPLE}
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  static WriteFunction of(String function, boolean multiple) {
    String wanted = function.trim().toLowerCase(Locale.ROOT);
    WriteFunction chosen = NAMES.get(wanted);
    if (chosen == null) {
      throw new IllegalArgumentException(
          KEY + ": expected auto, multiple or readwrite, found '" + function + "'");
    }
    if (!multiple) {
      return chosen;
    }
    if (chosen == READWRITE) {
      throw new IllegalArgumentException(
          OLD_KEY
              + ": expected false, as "
              + KEY
              + " is readwrite; found true. It is the older form of "
              + KEY
              + " multiple: take it out");
    }
    return MULTIPLE;
  }

  private static final Map<String, WriteFunction> NAMES =
      Map.of("", AUTO, "auto", AUTO, "multiple", MULTIPLE, "readwrite", READWRITE);

  /** Most registers in one write. */
  int maxRegisters() {
    return this == READWRITE ? ReadWriteRequest.MAX_REGISTERS : WriteRequest.MAX_REGISTERS;
  }
}
