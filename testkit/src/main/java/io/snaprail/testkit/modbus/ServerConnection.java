package io.snaprail.testkit.modbus;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One client: takes its requests in order and treats each as the server says. */
final class ServerConnection implements Runnable {
  private final HostileModbusServer server;
  private final Socket socket;
  private final int number;
  private final CountDownLatch ended = new CountDownLatch(1);

  ServerConnection(HostileModbusServer server, Socket socket, int number) {
    this.server = server;
    this.socket = socket;
    this.number = number;
  }

  @Override
  public void run() {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (ended.getCount() > 0) {
        Request request = read(in);
        server.behaviourFor(request).answer(new Line(request));
      }
    } catch (IOException e) {
      // The client has gone, or this side has hung up: either way there is nobody to tell.
      ended.countDown();
    } finally {
      ended.countDown();
      server.ended(this);
    }
  }

  private Request read(DataInputStream in) throws IOException {
    int transaction = in.readUnsignedShort();
    int protocol = in.readUnsignedShort();
    int length = in.readUnsignedShort();
    if (protocol != 0 || length < 2 || length > 254) {
      throw new IOException("a client sent protocol " + protocol + ", length " + length);
    }
    int unit = in.readUnsignedByte();
    byte[] pdu = new byte[length - 1];
    in.readFully(pdu);
    return new Request(number, transaction, unit, pdu);
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

  private final class Line implements Exchange {
    private final Request request;
    private byte @Nullable [] right;

    Line(Request request) {
      this.request = request;
    }

    @Override
    public Request request() {
      return request;
    }

    @Override
    public byte[] rightAnswer() {
      if (right == null) {
        right = server.rightAnswer(request);
      }
      return right.clone();
    }

    @Override
    public void send(byte[] bytes) throws IOException {
      synchronized (socket) {
        socket.getOutputStream().write(bytes);
      }
    }

    @Override
    public void sendLater(Duration delay, byte[] bytes) {
      try {
        server.later().schedule(() -> sendIfOpen(bytes), delay.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // The server is being closed: late becomes never.
        ended.countDown();
      }
    }

    private void sendIfOpen(byte[] bytes) {
      try {
        send(bytes);
      } catch (IOException e) {
        // The client did not wait, which is what a late answer is for.
        ended.countDown();
      }
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
