package io.snaprail.driver.modbus.internal.tcp;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.Framing;
import io.snaprail.driver.modbus.internal.transport.InputBuffer;
import io.snaprail.driver.modbus.internal.transport.Link;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * RTU or ASCII frames on a TCP connection, as converters speak them that pass on the bytes of a
 * serial line.
 *
 * <p>Nothing in a frame tells to which request it belongs. So the connection is given up as soon as
 * an answer to an earlier request may come: after a failure, after bytes that nobody asked for, and
 * after an exception that need not be the last word. A converter may have kept what the line sent
 * meanwhile and deliver it to whoever connects next: a new connection is listened to before it is
 * used.
 */
public final class LineConnection implements Link {
  private final Framing framing;
  private final TcpStream stream;
  private final InputBuffer input;
  private final Duration settle;
  private boolean doubtful;

  /**
   * Not yet connected.
   *
   * @param idle time without use after which it is worth a look whether the device has hung up
   * @param settle silence that must pass on a new connection before it is used; never more than a
   *     quarter of the time there is to connect
   */
  public LineConnection(Framing framing, Duration idle, Duration settle) {
    this.framing = framing;
    this.settle = settle;
    stream = new TcpStream(idle);
    input = new InputBuffer(stream, 2 * framing.longest());
  }

  @Override
  public void connect(InetAddress address, int port, Deadline deadline) throws IOException {
    long silence =
        Math.min(settle.toMillis(), TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos() / 4));
    stream.connect(address, port, deadline);
    awaitSilence(Duration.ofMillis(Math.max(1, silence)), deadline);
    stream.used();
  }

  private void awaitSilence(Duration silence, Deadline deadline) throws IOException {
    byte[] unasked = new byte[framing.longest()];
    while (!deadline.expired()) {
      try {
        stream.read(unasked, 0, unasked.length, Deadline.in(silence));
      } catch (SocketTimeoutException e) {
        // Nothing came for so long: that is what is waited for.
        return;
      }
    }
    throw new IOException("it does not stop sending what nobody asked for");
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  @Override
  public boolean usable() throws IOException {
    return !doubtful && input.isEmpty() && !stream.unread() && stream.quiet();
  }

  @Override
  public byte[] exchange(int transaction, int unit, PduRequest request, Deadline deadline)
      throws IOException {
    stream.write(framing.frame(unit, request.pdu()));
    byte[] answer = framing.answer(input, unit, request, deadline);
    int exception = AnswerCheck.exceptionCode(answer);
    doubtful = exception != 0 && !ExceptionCode.isFinal(exception);
    stream.used();
    return answer;
  }
}
