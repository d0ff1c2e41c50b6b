package io.snaprail.driver.modbus.internal.transport;

import io.snaprail.api.driver.Deadline;
import java.io.IOException;
import java.util.List;

/**
 * Frames for a line on which nothing tells to which request an answer belongs: RTU and ASCII.
 * Whoever uses it sees to it that no answer to an earlier request can come.
 */
public interface Framing {
  /** Longest frame in bytes. */
  int longest();

  /**
   * A frame.
   *
   * @param unit 0..255
   */
  byte[] frame(int unit, byte[] pdu);

  /**
   * Reads the answer to a request.
   *
   * @param input holds at least a longest frame
   * @return an answer of the unit whose checksum is right and that passed {@link AnswerCheck}
   * @throws ChecksumException when it was damaged
   * @throws WrongAnswerException when it is something else
   */
  byte[] answer(InputBuffer input, int unit, PduRequest request, Deadline deadline)
      throws IOException;

  /**
   * Opens whole frames that follow each other, whoever sent them.
   *
   * @return of each its unit and protocol data unit; empty when anything among them is damaged
   */
  List<byte[]> frames(byte[] bytes);

  /** Whether bytes, damaged or not, begin as an answer of a unit to a function does. */
  boolean begins(byte[] bytes, int unit, int function);
}
