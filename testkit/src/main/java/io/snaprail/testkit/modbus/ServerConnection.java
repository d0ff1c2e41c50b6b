package io.snaprail.testkit.modbus;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One client: takes its requests in order and treats each as the server says. */
final class ServerConnection implements Runnable {
  private final HostileModbusServer server;
  private final TcpDoor door;
  private final Socket socket;
  private final int number;
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean torn;

  ServerConnection(HostileModbusServer server, TcpDoor door, Socket socket, int number) {
    this.server = server;
    this.door = door;
    this.socket = socket;
    this.number = number;
  }

  @Override
  public void run() {
    try (socket) {
      RequestReader in =
          new RequestReader(server.wire(), new DataInputStream(socket.getInputStream()), number);
      while (ended.getCount() > 0) {
        Request request = in.next();
        server.behaviourFor(request).answer(new Line(request));
      }
    } catch (IOException e) {
      // The client has gone, or this side has hung up: either way there is nobody to tell.
      ended.countDown();
    } finally {
      ended.countDown();
      door.ended(this);
    }
  }

  void close() {
    ended.countDown();
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void reset() {
    try {
      // A linger time of zero makes close() send RST.
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // Closed already: there is nothing left to break.
      ended.countDown();
    }
    close();
  }

  private final class Line extends ServerLine {
    Line(Request request) {
      super(server, request);
    }

    @Override
    public void send(byte[] bytes) throws IOException {
      synchronized (socket) {
        socket.getOutputStream().write(bytes);
      }
    }

    @Override
    public void sendPart(byte[] bytes) throws IOException {
      torn = true;
      send(bytes);
    }

    @Override
    public void sendSlowly(byte[] frame, Duration perByte) throws IOException {
      boolean before = torn;
      super.sendSlowly(frame, perByte);
      torn = before;
    }

    @Override
    boolean torn() {
      return torn;
    }

    @Override
    public void sendTogether(byte[] first, byte[] second) throws IOException {
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      send(both);
    }

    @Override
    public void pause(Duration time) throws IOException {
      try {
        if (ended.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new IOException("the connection has ended");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }

    @Override
    public void close() {
      ServerConnection.this.close();
    }

    @Override
    public void reset() {
      ServerConnection.this.reset();
    }
  }
}
