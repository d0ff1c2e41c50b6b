package io.snaprail.driver.modbus.internal.udp;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.Link;
import io.snaprail.driver.modbus.internal.transport.Mbap;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Modbus UDP: one {@link Mbap} frame a datagram. A request is not repeated when a datagram is lost:
 * it may have been a write.
 *
 * <p>What comes late is told apart twice over: by its transaction identifier, and because after any
 * failure a new socket is used, on a port of its own.
 */
public final class UdpSocket implements Link {
  private static final int SHORTEST = Mbap.HEADER + 1;

  private final DatagramSocket socket;

  /** Longer than any frame, so that a datagram that is too long shows. */
  private final byte[] buffer = new byte[2 * Mbap.MAX_FRAME];

  /** What was asked from this socket. Its answers may come twice, or after an exception. */
  private final BitSet asked = new BitSet();

  /** On a free port. */
  public UdpSocket() throws IOException {
    socket = new DatagramSocket();
  }

  /** Sends nothing; from now on only what comes from that very address and port is received. */
  @Override
  public void connect(InetAddress address, int port, Deadline deadline) throws IOException {
    socket.connect(address, port);
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public boolean usable() {
    return !socket.isClosed();
  }

  @Override
  public byte[] exchange(int transaction, int unit, PduRequest request, Deadline deadline)
      throws IOException {
    asked.set(transaction);
    byte[] frame = Mbap.frame(transaction, unit, request.pdu());
    socket.send(new DatagramPacket(frame, frame.length));
    return AnswerCheck.checked(request, answer(transaction, unit, deadline));
  }

  private byte[] answer(int transaction, int unit, Deadline deadline) throws IOException {
    while (true) {
      int size = receive(deadline);
      WrongAnswerException.unless(
          size >= SHORTEST, "a datagram of " + size + " bytes, expected at least " + SHORTEST);
      int found = word(0);
      if (found != transaction && asked.get(found)) {
        continue;
      }
      int length = Mbap.checkedLength(word(2), word(4));
      WrongAnswerException.unless(
          size == Mbap.UNCOUNTED + length,
          "a datagram of " + size + " bytes, its header says " + (Mbap.UNCOUNTED + length));
      Mbap.checkOwner(transaction, unit, found, buffer[6] & 0xff);
      return Arrays.copyOfRange(buffer, Mbap.HEADER, size);
    }
  }

  private int receive(Deadline deadline) throws IOException {
    while (true) {
      int left = deadline.remainingMillis();
      if (left == 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout(left);
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      socket.receive(packet);
      // Something from elsewhere may have come before the socket was connected.
      if (packet.getPort() == socket.getPort()
          && packet.getAddress().equals(socket.getInetAddress())) {
        return packet.getLength();
      }
    }
  }

  private int word(int offset) {
    return (buffer[offset] & 0xff) << 8 | (buffer[offset + 1] & 0xff);
  }
}
