package io.snaprail.driver.modbus.internal.transport;

import io.snaprail.api.driver.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;

/**
 * One socket and the frames on it, made for one connection.
 *
 * <p>Used by one thread at a time; only {@link #close()} may be called by others. After any {@link
 * IOException} the link is of no more use: what is still on its way could be taken for the answer
 * to the next request. Its owner closes it.
 */
public interface Link {

  /**
   * Makes the connection. Called once.
   *
   * @param deadline by which the call ends
   */
  void connect(InetAddress address, int port, Deadline deadline) throws IOException;

  /** Whether the next request may be sent: nothing is known that could spoil its answer. */
  boolean usable() throws IOException;

  /**
   * Sends a request once and waits for its answer.
   *
   * @param transaction 0..65535, another than that of the request before
   * @param unit 0..255
   * @return the checked answer
   * @throws WrongAnswerException when something else comes
   * @throws SocketTimeoutException when the deadline is over, however much has come by then
   * @throws EOFException when the device closes the connection
   */
  byte[] exchange(int transaction, int unit, PduRequest request, Deadline deadline)
      throws IOException;

  /** Ends the connection, and with it a wait of another thread. */
  void close() throws IOException;
}
