package io.snaprail.driver.serial;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Something that answers lines, or sends by itself, behind a TCP server that passes bytes on: what
 * a converter from RS-232 to Ethernet is.
 */
final class Instrument implements AutoCloseable {
  private final Function<String, String> answers;
  final List<String> heard = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile ServerSocket server;
  private volatile boolean silent;

  /**
   * Begins to serve.
   *
   * @param answers what is sent back for each line, without its end; empty for nothing
   */
  Instrument(Function<String, String> answers) {
    this.answers = answers;
    this.server = listen(0);
  }

  private ServerSocket listen(int port) {
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      thread(() -> accept(socket));
      return socket;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Task {
    void run() throws IOException;
  }

  private static void thread(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // Closed by the test, or by the driver: that is how it ends.
                return;
              }
            },
            "test-instrument");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept(ServerSocket socket) throws IOException {
    while (true) {
      Socket client = socket.accept();
      client.setTcpNoDelay(true);
      if (socket.isClosed()) {
        // It came in just as the instrument went away.
        client.close();
        return;
      }
      sockets.add(client);
      thread(() -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c != '\n') {
        line.append((char) c);
        continue;
      }
      String asked = line.toString();
      line.setLength(0);
      heard.add(asked);
      String answer = silent ? "" : answers.apply(asked);
      if (!answer.isEmpty()) {
        client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  String port() {
    return "tcp://127.0.0.1:" + server.getLocalPort();
  }

  int clients() {
    return (int) sockets.stream().filter(s -> !s.isClosed()).count();
  }

  /** Sends by itself to everyone who is connected. */
  void say(String text) {
    sockets.removeIf(socket -> !sent(socket, text));
  }

  private static boolean sent(Socket socket, String text) {
    try {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  void silent(boolean on) {
    silent = on;
  }

  /** Its peer has gone. */
  void dropped() {
    sockets.clear();
  }

  void vanish() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
      sockets.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void comeBack() {
    if (server.isClosed()) {
      int port = server.getLocalPort();
      // A connection of another process may have got the port meanwhile.
      await()
          .ignoreExceptions()
          .until(
              () -> {
                server = listen(port);
                return true;
              });
    }
  }

  @Override
  public void close() {
    vanish();
  }
}
