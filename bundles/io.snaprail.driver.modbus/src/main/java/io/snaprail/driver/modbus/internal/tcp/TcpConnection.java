package io.snaprail.driver.modbus.internal.tcp;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ByteStream;
import io.snaprail.driver.modbus.internal.transport.InputBuffer;
import io.snaprail.driver.modbus.internal.transport.Link;
import io.snaprail.driver.modbus.internal.transport.Mbap;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.BitSet;

/** {@link Mbap} frames on a connection: Modbus TCP, and Modbus/TLS, whose frames are the same. */
public final class TcpConnection implements Link {
  private final ByteStream stream;
  private final InputBuffer input;

  /** Requests that were refused with an exception, whose real answer may come yet. */
  private final BitSet refused = new BitSet();

  /** Not yet connected, as the stream is not. */
  public TcpConnection(ByteStream stream) {
    this.stream = stream;
    input = new InputBuffer(stream, 2 * Mbap.MAX_FRAME);
  }

  @Override
  public void connect(InetAddress address, int port, Deadline deadline) throws IOException {
    stream.connect(address, port, deadline);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  @Override
  public boolean usable() throws IOException {
    boolean nothingUnread = input.isEmpty() && !stream.unread();
    return nothingUnread ? stream.quiet() : !refused.isEmpty();
  }

  @Override
  public byte[] exchange(int transaction, int unit, PduRequest request, Deadline deadline)
      throws IOException {
    refused.clear(transaction);
    stream.write(Mbap.frame(transaction, unit, request.pdu()));
    byte[] answer = AnswerCheck.checked(request, answer(transaction, unit, deadline));
    if (AnswerCheck.exceptionCode(answer) != 0) {
      refused.set(transaction);
    }
    stream.used();
    return answer;
  }

  private byte[] answer(int transaction, int unit, Deadline deadline) throws IOException {
    while (true) {
      input.fill(Mbap.HEADER, deadline);
      int length = Mbap.checkedLength(input.word(2), input.word(4));
      int found = input.word(0);
      boolean late = found != transaction && refused.get(found);
      if (!late) {
        Mbap.checkOwner(transaction, unit, found, input.octet(6));
      }
      input.fill(Mbap.UNCOUNTED + length, deadline);
      byte[] frame = input.take(Mbap.UNCOUNTED + length);
      if (!late) {
        return Arrays.copyOfRange(frame, Mbap.HEADER, frame.length);
      }
      // A gateway gave up on a unit, said so, and passes the unit's answer on all the same.
      refused.clear(found);
    }
  }
}
