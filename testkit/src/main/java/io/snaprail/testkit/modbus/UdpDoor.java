package io.snaprail.testkit.modbus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Datagrams; every address and port that sends one counts as a connection. Threads: one that
 * receives, one a request while it is treated.
 */
final class UdpDoor implements Door {
  private static final int LONGEST = 1024;

  private final HostileModbusServer server;
  private final int port;
  private final Map<SocketAddress, Integer> clients = new ConcurrentHashMap<>();
  private final ExecutorService treating =
      Executors.newCachedThreadPool(task -> HostileModbusServer.daemon(task, "datagram"));

  private volatile @Nullable DatagramSocket socket;
  private volatile @Nullable Thread receiver;

  UdpDoor(HostileModbusServer server) throws IOException {
    this.server = server;
    DatagramSocket bound = bind(0);
    port = bound.getLocalPort();
    listen(bound);
  }

  private static DatagramSocket bind(int port) throws IOException {
    return new DatagramSocket(new InetSocketAddress(HostileModbusServer.loopback(), port));
  }

  private void listen(DatagramSocket bound) {
    socket = bound;
    Thread thread = HostileModbusServer.daemon(() -> receiveAll(bound), "receive");
    receiver = thread;
    thread.start();
  }

  private void receiveAll(DatagramSocket bound) {
    while (!bound.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
        bound.receive(packet);
        SocketAddress from = packet.getSocketAddress();
        int client = clients.computeIfAbsent(from, address -> server.accept());
        Request request =
            RequestReader.datagram(Arrays.copyOf(packet.getData(), packet.getLength()), client);
        Behaviour behaviour = server.behaviourFor(request);
        treating.execute(() -> treat(behaviour, new Line(request, bound, from)));
      } catch (IOException | RejectedExecutionException e) {
        // The socket was closed by shut(), or a client sent what is not Modbus: no answer to that.
        server.ignored();
      }
    }
  }

  private void treat(Behaviour behaviour, Line line) {
    try {
      behaviour.answer(line);
    } catch (IOException e) {
      // The server was shut in the meantime: there is nobody to tell.
      server.ignored();
    }
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int open() {
    return clients.size();
  }

  @Override
  public void hangUp() {
    clients.clear();
  }

  @Override
  public synchronized void shut() {
    DatagramSocket now = socket;
    socket = null;
    if (now != null) {
      now.close();
    }
    HostileModbusServer.awaitEndOf(receiver);
    if (server.closed()) {
      treating.shutdownNow();
    }
  }

  @Override
  public synchronized void reopen() {
    if (socket == null) {
      try {
        listen(bind(port));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot listen on port " + port + " again", e);
      }
    }
  }

  /** Where an answer goes. */
  private final class Line extends ServerLine {
    private final DatagramSocket bound;
    private final SocketAddress to;

    Line(Request request, DatagramSocket bound, SocketAddress to) {
      super(server, request);
      this.bound = bound;
      this.to = to;
    }

    @Override
    public void send(byte[] bytes) throws IOException {
      bound.send(new DatagramPacket(bytes, bytes.length, to));
    }

    @Override
    public void sendTogether(byte[] first, byte[] second) throws IOException {
      send(first);
      send(second);
    }

    @Override
    public void pause(Duration time) throws IOException {
      try {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the server has ended", e);
      }
    }

    /** There is no connection to end: no answer is all there is. */
    @Override
    public void close() {}

    @Override
    public void reset() {}
  }
}
