package io.snaprail.fuzz;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** Answers the first request on each connection with any bytes, and then says no more. */
abstract class Server implements AutoCloseable {
  private static final int REQUEST = 12;

  private volatile UnaryOperator<byte[]> answer = request -> request;
  private volatile byte[] requested = new byte[REQUEST];
  private volatile byte[] answered = new byte[0];

  static Server tcp() throws IOException {
    return new Tcp();
  }

  static Server udp() throws IOException {
    return new Udp();
  }

  abstract int port();

  @Override
  public abstract void close() throws IOException;

  void answer(UnaryOperator<byte[]> next) {
    answer = next;
    answered = new byte[0];
  }

  /** The request that came last: seven bytes of header, function, address and count. */
  byte[] requested() {
    return requested;
  }

  byte[] answered() {
    return answered;
  }

  final byte[] treat(byte[] request) {
    requested = request;
    answered = answer.apply(request);
    return answered;
  }

  final void serve(String name, Loop loop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                while (!Thread.interrupted()) {
                  loop.next();
                }
              } catch (IOException e) {
                // Closed: that is how it ends.
                Thread.currentThread().interrupt();
              }
            },
            "snaprail-fuzz-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Serves one client. */
  interface Loop {
    void next() throws IOException;
  }

  private static final class Tcp extends Server {
    private final ServerSocket socket =
        new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));

    Tcp() throws IOException {
      serve("tcp", this::next);
    }

    private void next() throws IOException {
      try (Socket client = socket.accept()) {
        exchange(client);
      }
    }

    private void exchange(Socket client) {
      try {
        client.setTcpNoDelay(true);
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] request = new byte[REQUEST];
        in.readFully(request);
        client.getOutputStream().write(treat(request));
        client.shutdownOutput();
        in.readAllBytes();
      } catch (IOException e) {
        // The client has hung up in the middle: the next one is waited for.
        return;
      }
    }

    @Override
    int port() {
      return socket.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static final class Udp extends Server {
    private final DatagramSocket socket =
        new DatagramSocket(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0));

    Udp() throws IOException {
      serve("udp", this::next);
    }

    private void next() throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[300], 300);
      socket.receive(packet);
      byte[] bytes = treat(Arrays.copyOf(packet.getData(), packet.getLength()));
      socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
    }

    @Override
    int port() {
      return socket.getLocalPort();
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
