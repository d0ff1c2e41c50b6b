package io.snaprail.driver.modbus.internal.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.transport.Mbap;
import io.snaprail.driver.modbus.internal.transport.Table;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class UdpSocketTest {
  private static final Duration AMPLE = Duration.ofSeconds(10);
  private static final byte[] WRONG = HexFormat.of().parseHex("03026666");
  private static final byte[] RIGHT = HexFormat.of().parseHex("03021234");

  private final ReadRequest read = new ReadRequest(Table.HOLDING, 0, 1, "read holding 0");
  private DatagramSocket device;
  private DatagramSocket stranger;
  private UdpSocket socket;

  @BeforeEach
  void open() throws IOException {
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    device = new DatagramSocket(new InetSocketAddress(loopback, 0));
    stranger = new DatagramSocket(new InetSocketAddress(loopback, 0));
    socket = new UdpSocket();
    socket.connect(loopback, device.getLocalPort(), Deadline.in(AMPLE));
  }

  @AfterEach
  void close() {
    socket.close();
    device.close();
    stranger.close();
  }

  @Test
  void anAnswerFromAnotherPortIsNotTaken() throws Exception {
    answering(
        request -> {
          send(stranger, request, Mbap.frame(7, 1, WRONG));
          send(device, request, Mbap.frame(7, 1, RIGHT));
        });

    assertThat(read.values(exchange(7, AMPLE))).containsExactly(0x1234);
  }

  @Test
  void answersFromElsewhereDoNotOutliveTheDeadline() {
    answering(request -> send(stranger, request, Mbap.frame(7, 1, WRONG)));

    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> exchange(7, Duration.ofMillis(50)));
  }

  /** UDP may deliver twice, and gateways may answer after they have given up. */
  @Test
  void anotherAnswerToAnEarlierRequestIsPassedOver() throws Exception {
    answering(
        request -> {
          send(device, request, Mbap.frame(7, 1, RIGHT));
          send(device, request, Mbap.frame(7, 1, WRONG));
        });
    exchange(7, AMPLE);
    answering(
        request -> {
          send(device, request, Mbap.frame(7, 1, WRONG));
          send(device, request, Mbap.frame(8, 1, RIGHT));
        });

    assertThat(read.values(exchange(8, AMPLE))).containsExactly(0x1234);
  }

  @Test
  void aDatagramOfAnotherLengthThanItsHeaderSaysIsRefused() {
    byte[] longer = new byte[12];
    System.arraycopy(Mbap.frame(7, 1, RIGHT), 0, longer, 0, 11);
    answering(request -> send(device, request, longer));

    assertThatExceptionOfType(WrongAnswerException.class)
        .isThrownBy(() -> exchange(7, AMPLE))
        .withMessage("a datagram of 12 bytes, its header says 11");
  }

  @Test
  void anEmptyDatagramIsRefused() {
    answering(request -> send(device, request, new byte[0]));

    assertThatExceptionOfType(WrongAnswerException.class)
        .isThrownBy(() -> exchange(7, AMPLE))
        .withMessage("a datagram of 0 bytes, expected at least 8");
  }

  private byte[] exchange(int transaction, Duration time) throws IOException {
    return socket.exchange(transaction, 1, read, Deadline.in(time));
  }

  @FunctionalInterface
  private interface Answer {
    void to(DatagramPacket request) throws IOException;
  }

  /** Treats the next request. */
  private void answering(Answer answer) {
    CompletableFuture.runAsync(
        () -> {
          try {
            DatagramPacket request = new DatagramPacket(new byte[300], 300);
            device.receive(request);
            answer.to(request);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static void send(DatagramSocket from, DatagramPacket request, byte[] bytes)
      throws IOException {
    from.send(new DatagramPacket(bytes, bytes.length, request.getSocketAddress()));
  }
}
