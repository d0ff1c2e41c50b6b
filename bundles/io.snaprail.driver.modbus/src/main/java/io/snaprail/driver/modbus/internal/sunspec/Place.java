package io.snaprail.driver.modbus.internal.sunspec;

/** Addresses of holding registers that mean the same however a device counts. */
final class Place {
  private Place() {}

  /** In the traditional form, which counts from 1: {@code 4x40001}. */
  static String of(int wire) {
    return "4x" + String.format("%04d", wire + 1);
  }
}
