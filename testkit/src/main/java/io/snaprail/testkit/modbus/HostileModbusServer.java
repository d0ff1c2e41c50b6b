package io.snaprail.testkit.modbus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A Modbus TCP server on a free loopback port, written from the specification (Modbus Messaging on
 * TCP/IP V1.0b) and from nothing else, so that it shares no error with a client's library. It
 * answers from a register image a unit, and lies when it is told to.
 *
 * <p>Threads: one that accepts, one a connection, one for what is sent later; all end in {@link
 * #close()}. Every method is safe for any thread.
 */
public final class HostileModbusServer implements AutoCloseable {
  private static final int GATEWAY_TARGET_FAILED = 11;
  private static final int REMEMBERED_REQUESTS = 10_000;
  private static final int JOIN_MILLIS = 2000;

  private final Map<Integer, RegisterImage> units = new ConcurrentHashMap<>();
  private final Set<ServerConnection> connections =
      Collections.newSetFromMap(new ConcurrentHashMap<>());
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger received = new AtomicInteger();
  private final Deque<Request> requests = new ArrayDeque<>();
  private final Queue<Behaviour> script = new ArrayDeque<>();
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "later"));
  private final int port;

  private volatile Function<Request, Behaviour> behaviour = request -> Behaviour.honest();
  private volatile @Nullable ServerSocket listener;
  private volatile @Nullable Thread acceptor;

  private HostileModbusServer(ServerSocket listener) {
    this.port = listener.getLocalPort();
    listen(listener);
  }

  /** Starts an honest server on a free port. */
  public static HostileModbusServer start() throws IOException {
    return new HostileModbusServer(bind(0));
  }

  private static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
    return socket;
  }

  /** Numeric address it listens on. */
  public String host() {
    return "127.0.0.1";
  }

  /** Port it listens on, also while it refuses connections. */
  public int port() {
    return port;
  }

  /** What a unit holds. A unit that was never asked for here answers with exception 11. */
  public RegisterImage unit(int unit) {
    return units.computeIfAbsent(unit, u -> new RegisterImage());
  }

  /** Treats the next requests like this, one behaviour each, whatever the connection. */
  public void next(Behaviour... behaviours) {
    synchronized (script) {
      script.addAll(List.of(behaviours));
    }
  }

  /** Treats every request like this once what {@link #next} holds is used up. */
  public void always(Behaviour every) {
    behaviour = request -> every;
  }

  /** Chooses a behaviour for each request once what {@link #next} holds is used up. */
  public void decide(Function<Request, Behaviour> choice) {
    behaviour = choice;
  }

  /** Honest from now on; forgets what {@link #next} still holds. */
  public void honest() {
    synchronized (script) {
      script.clear();
    }
    always(Behaviour.honest());
  }

  /** How many requests have come. */
  public int received() {
    return received.get();
  }

  /** How many connections have been accepted. */
  public int accepted() {
    return accepted.get();
  }

  /** How many connections are open. */
  public int open() {
    return connections.size();
  }

  /** The last requests, at most 10,000, oldest first. */
  public List<Request> requests() {
    synchronized (requests) {
      return new ArrayList<>(requests);
    }
  }

  /** Forgets the requests seen so far; {@link #received()} goes on counting. */
  public void forgetRequests() {
    synchronized (requests) {
      requests.clear();
    }
  }

  /** Stops listening and breaks every connection: the next client is refused. */
  public synchronized void vanish() {
    ServerSocket now = listener;
    listener = null;
    closeQuietly(now);
    awaitEndOf(acceptor);
    connections.forEach(ServerConnection::reset);
  }

  /** While a thread is in accept(), the system still takes connections, closed socket or not. */
  private static void awaitEndOf(@Nullable Thread thread) {
    if (thread != null) {
      try {
        thread.join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Listens again on the same port. */
  public synchronized void comeBack() {
    if (listener == null && !later.isShutdown()) {
      try {
        listen(bind(port));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot listen on port " + port + " again", e);
      }
    }
  }

  /** Closes every open connection in an orderly way; goes on listening. */
  public void hangUp() {
    connections.forEach(ServerConnection::close);
  }

  @Override
  public void close() {
    later.shutdownNow();
    vanish();
  }

  private void listen(ServerSocket socket) {
    listener = socket;
    Thread thread = daemon(() -> acceptAll(socket), "accept");
    acceptor = thread;
    thread.start();
  }

  private void acceptAll(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        serve(socket.accept());
      } catch (IOException e) {
        // The socket was closed by vanish(), or a client was gone before it was accepted.
        if (!socket.isClosed()) {
          closeQuietly(socket);
        }
      }
    }
  }

  private void serve(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    ServerConnection connection = new ServerConnection(this, socket, accepted.incrementAndGet());
    connections.add(connection);
    if (listener == null) {
      connection.reset();
    }
    daemon(connection, "connection").start();
  }

  void ended(ServerConnection connection) {
    connections.remove(connection);
  }

  ScheduledExecutorService later() {
    return later;
  }

  Behaviour behaviourFor(Request request) {
    synchronized (requests) {
      if (requests.size() >= REMEMBERED_REQUESTS) {
        requests.removeFirst();
      }
      requests.addLast(request);
    }
    // Chosen before it is counted: whoever waits for the count may change the behaviour then.
    Behaviour chosen = choose(request);
    received.incrementAndGet();
    return chosen;
  }

  private Behaviour choose(Request request) {
    synchronized (script) {
      Behaviour scripted = script.poll();
      if (scripted != null) {
        return scripted;
      }
    }
    return behaviour.apply(request);
  }

  byte[] rightAnswer(Request request) {
    RegisterImage image = units.get(request.unit());
    byte[] pdu = request.pdu();
    return image == null ? RegisterImage.exception(pdu, GATEWAY_TARGET_FAILED) : image.answer(pdu);
  }

  private Thread daemon(Runnable task, String role) {
    Thread thread = new Thread(task, "snaprail-testkit-modbus-" + role);
    thread.setDaemon(true);
    return thread;
  }

  private static void closeQuietly(@Nullable ServerSocket socket) {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
