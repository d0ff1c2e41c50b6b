package io.snaprail.driver.modbus.internal.rtu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.tcp.LineConnection;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LineConnectionTest {
  private static final RtuFrame FRAMING = new RtuFrame();
  private static final byte[] LATE = FRAMING.frame(1, HexFormat.of().parseHex("03026666"));
  private static final byte[] RIGHT = FRAMING.frame(1, HexFormat.of().parseHex("03021234"));

  private final ReadRequest read = new ReadRequest(Table.HOLDING, 0, 1, "read holding 0");
  private final LineConnection connection =
      new LineConnection(FRAMING, Duration.ofSeconds(1), Duration.ofMillis(100));
  private ServerSocket converter;

  @FunctionalInterface
  private interface Serving {
    void serve(Socket client) throws IOException;
  }

  @BeforeEach
  void listen() throws IOException {
    converter = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
  }

  @AfterEach
  void stop() throws IOException {
    connection.close();
    converter.close();
  }

  /** Converters pass on what the line sends, to whoever is connected by then. */
  @Test
  void whatAConverterHasKeptIsNotTakenForAnAnswer() throws Exception {
    CompletableFuture<Void> served =
        serve(
            client -> {
              client.getOutputStream().write(LATE);
              client.getInputStream().readNBytes(8);
              client.getOutputStream().write(RIGHT);
            });

    connect(Duration.ofSeconds(10));

    byte[] answer = connection.exchange(1, 1, read, Deadline.in(Duration.ofSeconds(10)));
    assertThat(read.values(answer)).containsExactly(0x1234);
    served.get(5, TimeUnit.SECONDS);
  }

  /** More at once than it reads, as the one who sends may be held up for a while. */
  @Test
  void aConverterThatNeverStopsSendingIsGivenUpByTheDeadline() throws Exception {
    byte[] much = new byte[1 << 20];
    serve(
        client -> {
          while (!client.isClosed()) {
            client.getOutputStream().write(much);
          }
        });
    LineConnection patient =
        new LineConnection(FRAMING, Duration.ofSeconds(1), Duration.ofSeconds(1));
    try {
      long start = System.nanoTime();

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> connect(patient, Duration.ofSeconds(2)))
          .withMessage("it does not stop sending what nobody asked for");

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    } finally {
      patient.close();
    }
  }

  private void connect(Duration time) throws IOException {
    connect(connection, time);
  }

  private void connect(LineConnection made, Duration time) throws IOException {
    made.connect(converter.getInetAddress(), converter.getLocalPort(), Deadline.in(time));
  }

  private CompletableFuture<Void> serve(Serving serving) {
    return CompletableFuture.runAsync(
        () -> {
          try (Socket client = converter.accept()) {
            serving.serve(client);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
