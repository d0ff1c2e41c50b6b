package io.snaprail.driver.simulator.internal.slave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.driver.simulator.internal.plant.Plant;
import io.snaprail.driver.simulator.internal.slave.SlaveServer.Endpoint;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** MODBUS Messaging on TCP/IP V1.0b. */
class SlaveServerTest {
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private SlaveServer server;

  @BeforeEach
  void start() {
    server = server(0);
    server.start();
    await().until(() -> server.port() != 0);
  }

  private SlaveServer server(int port) {
    return new SlaveServer(
        new Endpoint("127.0.0.1", port, 7), new Plant(System::nanoTime), troubles::add);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout(5000);
    return socket;
  }

  private static void send(Socket socket, String hex) throws IOException {
    socket.getOutputStream().write(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String receive(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] header = in.readNBytes(6);
    byte[] rest = in.readNBytes(header.length < 6 ? 0 : header[5] & 0xFF);
    return HexFormat.of().formatHex(header) + HexFormat.of().formatHex(rest);
  }

  @Test
  void anAnswerCarriesTheTransactionAndUnitOfItsRequest() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "1234 0000 0006 07 01 0000 0002");
      assertThat(receive(socket)).isEqualTo("123400000004" + "07" + "010103");
      send(socket, "0001 0000 0006 ff 01 0000 0002");
      assertThat(receive(socket)).isEqualTo("000100000004" + "ff" + "010103");
    }
  }

  @Test
  void requestsThatArriveTogetherOrInPiecesAreAnsweredInOrder() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "0001 0000 0006 07 01 0000 0002" + "0002 0000 0006 07 01 00");
      assertThat(receive(socket)).startsWith("0001");
      send(socket, "00 0001");
      assertThat(receive(socket)).startsWith("0002");
    }
  }

  @Test
  void anotherUnitIsAnsweredWithExceptionEleven() throws Exception {
    try (Socket socket = connect()) {
      send(socket, "0001 0000 0006 08 03 0000 0001");
      assertThat(receive(socket)).isEqualTo("000100000003" + "08" + "830b");
    }
  }

  @Test
  void whatIsNoModbusEndsTheConnectionAndNoOther() throws Exception {
    try (Socket good = connect();
        Socket bad = connect();
        Socket large = connect()) {
      send(bad, "0001 0001 0006 07 01 0000 0002");
      assertThat(bad.getInputStream().read()).isEqualTo(-1);
      send(large, "0001 0000 00ff 07 01 0000 0002");
      assertThat(large.getInputStream().read()).isEqualTo(-1);
      send(good, "0001 0000 0006 07 01 0000 0002");
      assertThat(receive(good)).startsWith("0001");
    }
  }

  @Test
  void oneClientTooManyIsDisconnectedAndServedWhenAnotherHasLeft() throws Exception {
    List<Socket> clients = new ArrayList<>();
    try {
      for (int i = 0; i < SlaveServer.MAX_CONNECTIONS; i++) {
        Socket client = connect();
        clients.add(client);
        send(client, "0001 0000 0006 07 01 0000 0002");
        receive(client);
      }
      try (Socket extra = connect()) {
        assertThat(extra.getInputStream().read()).isEqualTo(-1);
      }
      clients.get(0).close();
      await().ignoreExceptions().until(this::served);
    } finally {
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  private boolean served() throws IOException {
    try (Socket socket = connect()) {
      send(socket, "0001 0000 0006 07 01 0000 0002");
      return receive(socket).startsWith("0001");
    }
  }

  @Test
  void closingFreesThePortAndEndsEveryThreadAtOnce() throws Exception {
    int port = server.port();
    try (Socket client = connect()) {
      send(client, "0001 0000 0006 07 01 0000 0002");
      receive(client);
      long start = System.nanoTime();
      server.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("snaprail-slave"));
  }

  @Test
  void aTakenPortIsReportedAndTakenOverWhenItIsFree() throws Exception {
    ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    try (SlaveServer second = server(other.getLocalPort())) {
      troubles.clear();
      second.start();
      await().until(() -> !troubles.isEmpty());
      assertThat(troubles.get(0))
          .startsWith("cannot listen on 127.0.0.1:" + other.getLocalPort() + ": ")
          .contains("already in use");
      other.close();
      await().atMost(Duration.ofSeconds(8)).until(() -> second.port() != 0);
      assertThat(troubles).last().isEqualTo("");
    }
  }
}
