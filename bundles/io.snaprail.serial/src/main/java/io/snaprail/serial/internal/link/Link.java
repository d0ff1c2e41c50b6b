package io.snaprail.serial.internal.link;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.SerialException;

/**
 * An open way to a port, whatever it leads through. One thread may read while another writes; any
 * may close. It does not remember failures: whoever owns it closes it after one.
 */
public interface Link {
  /** As {@link io.snaprail.api.serial.SerialConnection#read(byte[], int, int, Deadline)}. */
  int read(byte[] buffer, int offset, int length, Deadline deadline) throws SerialException;

  /** As {@link io.snaprail.api.serial.SerialConnection#write(byte[], int, int, Deadline)}. */
  void write(byte[] bytes, int offset, int length, Deadline deadline) throws SerialException;

  /** As {@link io.snaprail.api.serial.SerialConnection#drain(Deadline)}. */
  void drain(Deadline deadline) throws SerialException;

  /**
   * As {@link io.snaprail.api.serial.SerialConnection#setLine(LineSettings, Deadline)}; the line is
   * another one.
   */
  void setLine(LineSettings line, Deadline deadline) throws SerialException;

  /** As {@link io.snaprail.api.serial.SerialConnection#discardInput()}. */
  void discardInput() throws SerialException;

  /** Frees everything; those who wait in another method end with CLOSED. Repeats do nothing. */
  void close();
}
