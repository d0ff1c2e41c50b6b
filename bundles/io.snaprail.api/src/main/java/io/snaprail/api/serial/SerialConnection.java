package io.snaprail.api.serial;

import io.snaprail.api.driver.Deadline;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An open port. One thread may read while another writes, and any may close.
 *
 * <p>A connection ends for good at the first failure of the line ({@link
 * SerialException.Kind#LOST}): it has then freed the port and every further call fails. Open the
 * lease again for a new one.
 */
@ProviderType
public interface SerialConnection extends AutoCloseable {
  /**
   * Reads what has come, at least one byte, waiting for the first until the deadline. A deadline
   * that is over reads what is there. Does not wait for the buffer to fill. Returns within about
   * half a millisecond of the byte's arrival at the system and of the deadline.
   *
   * @param buffer takes the bytes
   * @param offset where in the buffer
   * @param length most bytes to read, 1 or more
   * @return how many bytes were read; 0 when none came before the deadline
   * @throws SerialException when the port is lost or closed, or an echo that was to be suppressed
   *     differs from what was sent
   */
  int read(byte[] buffer, int offset, int length, Deadline deadline) throws SerialException;

  /** Reads into the whole buffer, as the longer form does. */
  default int read(byte[] buffer, Deadline deadline) throws SerialException {
    return read(buffer, 0, buffer.length, deadline);
  }

  /**
   * Hands all bytes to the system, which sends them without a gap. Returns before they have left
   * the line, unless the direction of an RS-485 line is switched by RTS ({@link
   * Rs485.Direction#RTS}): then it returns when the line has been turned round.
   *
   * @throws SerialException of kind TIMEOUT when not all could be handed over before the deadline,
   *     as when flow control holds the line: some of the bytes may have been sent
   */
  void write(byte[] bytes, int offset, int length, Deadline deadline) throws SerialException;

  /** Writes the whole array, as the longer form does. */
  default void write(byte[] bytes, Deadline deadline) throws SerialException {
    write(bytes, 0, bytes.length, deadline);
  }

  /**
   * Waits until everything written has left the line: until the system's buffer is empty and the
   * bytes have had the time that they take at the baud rate, so that what is left in the hardware's
   * buffer is counted too. Behind a network it returns at once: only the far side knows.
   *
   * @throws SerialException of kind TIMEOUT when the deadline ended first
   */
  void drain(Deadline deadline) throws SerialException;

  /**
   * Changes the line: from now on characters stand on it so, until it is changed again or the
   * connection ends; a new one begins with the line of the lease. Waits first until everything
   * written has left, as {@link #drain} does; behind a network, until it has had the time that it
   * takes at the old baud rate. What comes meanwhile is kept. Does nothing when the line is so
   * already; ends the connection when it fails.
   *
   * @throws SerialException of kind SETTINGS when the port cannot do that, as behind a TCP server
   *     that passes bytes on and has the settings of the line itself
   */
  void setLine(LineSettings line, Deadline deadline) throws SerialException;

  /**
   * Drops what has come and was not read, and any echo that is still expected. Call it before a
   * request, so that a late answer to the one before is not taken for the next. Leaves the output
   * alone.
   */
  void discardInput() throws SerialException;

  /** Whether it can still be used as far as is known without trying. */
  boolean isOpen();

  /**
   * Frees the port within 200 ms; the lease stays. Bytes that have not left the line are lost:
   * {@link #drain} first where that matters. Closing again does nothing.
   */
  @Override
  void close();
}
