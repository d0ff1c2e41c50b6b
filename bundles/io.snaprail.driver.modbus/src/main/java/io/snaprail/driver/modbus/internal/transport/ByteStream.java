package io.snaprail.driver.modbus.internal.transport;

import io.snaprail.api.driver.Deadline;
import java.io.IOException;
import java.net.InetAddress;

/**
 * A connection as a way for bytes, plain or encrypted. Used by one thread at a time; only {@link
 * #close()} may be called by others.
 */
public interface ByteStream extends ByteSource {
  /**
   * Opens the connection. Called once.
   *
   * @param deadline by which the call ends
   * @throws SecurityFailureException when the two sides do not trust each other
   */
  void connect(InetAddress address, int port, Deadline deadline) throws IOException;

  /** Whether something has come that nobody has read. */
  boolean unread() throws IOException;

  /** Whether the device has not hung up, of a connection on which nothing is to be read. */
  boolean quiet() throws IOException;

  /** Remembers that the device has just shown to be there. */
  void used() throws IOException;

  /** Sends. */
  void write(byte[] bytes) throws IOException;

  /** Ends the connection, and with it a wait of another thread. */
  void close() throws IOException;
}
