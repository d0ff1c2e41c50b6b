package io.snaprail.driver.simulator.internal.slave;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the slave (MODBUS Messaging on TCP/IP V1.0b, section 3.1). Requests are answered
 * one after another in their order. A client that breaks the framing, or is silent for long, is
 * disconnected.
 */
final class SlaveConnection implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlaveConnection.class);

  /** Longest silence. */
  static final Duration IDLE = Duration.ofMinutes(2);

  private static final int HEADER = 7;
  private static final int MAX_LENGTH = 254;
  private static final int BROADCAST = 0;
  private static final int ANY_UNIT = 255;

  private final Socket socket;
  private final int unit;
  private final RequestHandler handler;

  SlaveConnection(Socket socket, int unit, RequestHandler handler) {
    this.socket = socket;
    this.unit = unit;
    this.handler = handler;
  }

  @Override
  public void run() {
    try (socket) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) IDLE.toMillis());
      DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      OutputStream out = socket.getOutputStream();
      boolean goOn = true;
      while (goOn) {
        goOn = serve(in, out);
      }
    } catch (EOFException | SocketTimeoutException e) {
      LOG.debug("{} left: {}", socket, e.getMessage());
    } catch (IOException e) {
      LOG.debug("{} broke off: {}", socket, e.getMessage());
    }
  }

  /** Whether the connection can go on. */
  private boolean serve(DataInputStream in, OutputStream out) throws IOException {
    short transaction = in.readShort();
    int protocol = in.readUnsignedShort();
    int length = in.readUnsignedShort();
    if (protocol != 0 || length < 2 || length > MAX_LENGTH) {
      LOG.info(
          "{} sent no Modbus TCP: expected protocol 0 and length 2..{}, found {} and {}; the"
              + " connection is closed",
          socket,
          MAX_LENGTH,
          protocol,
          length);
      return false;
    }
    int wanted = in.readUnsignedByte();
    byte[] pdu = new byte[length - 1];
    in.readFully(pdu);
    byte[] answer = answer(wanted, pdu);
    ByteBuffer frame = ByteBuffer.allocate(HEADER + answer.length);
    frame.putShort(transaction).putShort((short) 0).putShort((short) (answer.length + 1));
    frame.put((byte) wanted).put(answer);
    out.write(frame.array());
    return true;
  }

  /** Units 0 and 255 mean the device that is connected to, whatever its number. */
  private byte[] answer(int wanted, byte[] pdu) {
    boolean mine = wanted == unit || wanted == BROADCAST || wanted == ANY_UNIT;
    return mine
        ? handler.answer(pdu)
        : RequestHandler.exception(pdu[0], ModbusException.NO_SUCH_UNIT);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("{} did not close", socket, e);
    }
  }
}
