package io.snaprail.serial;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A port server for one connection that does what the test says. */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listener;
  private final Thread thread;

  /** What the server does with the connection. */
  interface Script {
    void run(InputStream in, OutputStream out) throws IOException;
  }

  ScriptedServer(Script script) throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    thread =
        new Thread(
            () -> {
              try (Socket socket = listener.accept()) {
                script.run(socket.getInputStream(), socket.getOutputStream());
              } catch (IOException over) {
                // The test has ended, or its client has: nothing is left to do.
              }
            },
            "snaprail-test-port-server");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
