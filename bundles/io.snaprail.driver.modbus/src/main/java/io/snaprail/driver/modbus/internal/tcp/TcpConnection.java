package io.snaprail.driver.modbus.internal.tcp;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;

/**
 * One socket and the frames on it (Modbus Messaging on TCP/IP V1.0b, section 3.1.3: transaction,
 * protocol, length, unit, then the protocol data unit).
 *
 * <p>Used by one thread at a time; only {@link #close()} may be called by others. After any {@link
 * IOException} the connection is of no more use: what is still on its way could be taken for the
 * answer to the next request. Its owner closes it.
 */
final class TcpConnection {
  private static final int HEADER = 7;

  /** Bytes of the header that its length field does not count. */
  private static final int UNCOUNTED = 6;

  private static final int MAX_FRAME = HEADER + AnswerCheck.MAX_PDU;

  private final Socket socket = new Socket(Proxy.NO_PROXY);
  private final byte[] buffer = new byte[2 * MAX_FRAME];

  /** Requests that were refused with an exception, whose real answer may come yet. */
  private final BitSet refused = new BitSet();

  private final long idleNanos;

  private int start;
  private int end;
  private long lastUse;

  /**
   * Not yet connected.
   *
   * @param idle time without use after which it is worth a look whether the device has hung up
   */
  TcpConnection(Duration idle) {
    idleNanos = idle.toNanos();
  }

  /**
   * Opens the connection.
   *
   * @param millis longest wait, above 0
   */
  void connect(InetAddress address, int port, int millis) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.connect(new InetSocketAddress(address, port), millis);
    lastUse = System.nanoTime();
  }

  /** Closes the socket, which ends a wait of another thread. */
  void close() throws IOException {
    socket.close();
  }

  /**
   * Whether the next request may be sent: the device has not hung up, and has sent nothing that
   * nobody asked for.
   */
  boolean usable() throws IOException {
    if (start < end) {
      return !refused.isEmpty();
    }
    InputStream in = socket.getInputStream();
    if (in.available() > 0) {
      return !refused.isEmpty();
    }
    return System.nanoTime() - lastUse < idleNanos || isQuiet(in);
  }

  /** A socket tells that its far end has hung up only to those who read. */
  private boolean isQuiet(InputStream in) throws IOException {
    socket.setSoTimeout(1);
    try {
      return in.read(buffer, 0, 1) == 0;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /**
   * Sends a request once and waits for its answer. A request is smaller than any send buffer and is
   * the only one under way, so that sending does not block.
   *
   * @param transaction 0..65535, another than that of the request before
   * @return the checked answer
   * @throws WrongAnswerException when something else comes
   * @throws SocketTimeoutException when the deadline is over, however much has come by then
   * @throws EOFException when the device closes the connection
   */
  byte[] exchange(int transaction, int unit, PduRequest request, Deadline deadline)
      throws IOException {
    refused.clear(transaction);
    socket.getOutputStream().write(frame(transaction, unit, request.pdu()));
    byte[] answer = answer(transaction, unit, deadline);
    String fault = AnswerCheck.fault(request, answer);
    if (fault != null) {
      throw new WrongAnswerException(fault);
    }
    if (AnswerCheck.exceptionCode(answer) != 0) {
      refused.set(transaction);
    }
    lastUse = System.nanoTime();
    return answer;
  }

  private static byte[] frame(int transaction, int unit, byte[] pdu) {
    byte[] frame = new byte[HEADER + pdu.length];
    putWord(frame, 0, transaction);
    putWord(frame, 4, 1 + pdu.length);
    frame[6] = (byte) unit;
    System.arraycopy(pdu, 0, frame, HEADER, pdu.length);
    return frame;
  }

  private byte[] answer(int transaction, int unit, Deadline deadline) throws IOException {
    while (true) {
      fill(HEADER, deadline);
      int length = checkedLength();
      int found = word(start);
      boolean late = found != transaction && refused.get(found);
      if (!late) {
        check(found == transaction, "an answer with the transaction identifier of another request");
        int other = buffer[start + 6] & 0xff;
        check(other == unit, "an answer in the name of unit " + other + ", expected unit " + unit);
      }
      fill(UNCOUNTED + length, deadline);
      byte[] pdu = Arrays.copyOfRange(buffer, start + HEADER, start + UNCOUNTED + length);
      start += UNCOUNTED + length;
      if (!late) {
        return pdu;
      }
      // A gateway gave up on a unit, said so, and passes the unit's answer on all the same.
      refused.clear(found);
    }
  }

  private int checkedLength() throws WrongAnswerException {
    int protocol = word(start + 2);
    check(protocol == 0, "protocol identifier " + protocol + ", expected 0");
    int length = word(start + 4);
    check(
        length >= 2 && length <= 1 + AnswerCheck.MAX_PDU,
        "length " + length + " in the header, expected 2.." + (1 + AnswerCheck.MAX_PDU));
    return length;
  }

  private static void check(boolean right, String otherwise) throws WrongAnswerException {
    if (!right) {
      throw new WrongAnswerException(otherwise);
    }
  }

  /**
   * Waits until so many bytes are there; the time left shrinks with every byte that trickles in.
   */
  private void fill(int wanted, Deadline deadline) throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    while (end < wanted) {
      int left = deadline.remainingMillis();
      if (left == 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout(left);
      int read = socket.getInputStream().read(buffer, end, buffer.length - end);
      if (read < 0) {
        throw new EOFException();
      }
      end += read;
    }
  }

  private int word(int offset) {
    return (buffer[offset] & 0xff) << 8 | (buffer[offset + 1] & 0xff);
  }

  private static void putWord(byte[] bytes, int offset, int word) {
    bytes[offset] = (byte) (word >> 8);
    bytes[offset + 1] = (byte) word;
  }
}
