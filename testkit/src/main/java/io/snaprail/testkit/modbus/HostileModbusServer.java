package io.snaprail.testkit.modbus;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A Modbus server on a free loopback port, written from the specifications (Modbus Messaging on
 * TCP/IP V1.0b, Modbus over Serial Line V1.02) and from nothing else, so that it shares no error
 * with a client's library. It answers from a register image a unit, and lies when it is told to.
 *
 * <p>Threads: those of the door, one for what is sent later; all end in {@link #close()}. Every
 * method is safe for any thread.
 */
public final class HostileModbusServer implements AutoCloseable {
  private static final int GATEWAY_TARGET_FAILED = 11;
  private static final int REMEMBERED_REQUESTS = 10_000;
  private static final int JOIN_MILLIS = 2000;

  private final Map<Integer, RegisterImage> units = new ConcurrentHashMap<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger received = new AtomicInteger();
  private final Deque<Request> requests = new ArrayDeque<>();
  private final Queue<Behaviour> script = new ArrayDeque<>();
  private final ScheduledExecutorService later =
      Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "later"));
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicInteger ignored = new AtomicInteger();
  private final Wire wire;
  private final Door door;

  private volatile Function<Request, Behaviour> behaviour = request -> Behaviour.honest();

  private HostileModbusServer(Wire wire, ServerSocketFactory sockets) throws IOException {
    this.wire = wire;
    this.door = wire == Wire.UDP ? new UdpDoor(this) : new TcpDoor(this, sockets);
  }

  /** Starts an honest Modbus TCP server on a free port. */
  public static HostileModbusServer start() throws IOException {
    return start(Wire.TCP);
  }

  /** Starts an honest server on a free port. */
  public static HostileModbusServer start(Wire wire) throws IOException {
    return new HostileModbusServer(wire, ServerSocketFactory.getDefault());
  }

  /**
   * Starts an honest Modbus TCP server on a free port whose connections are made by a factory, such
   * as that of a TLS context: the frames of Modbus/TLS are those of Modbus TCP.
   */
  public static HostileModbusServer start(ServerSocketFactory sockets) throws IOException {
    return new HostileModbusServer(Wire.TCP, sockets);
  }

  static InetAddress loopback() throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  /** How requests come and answers go. */
  public Wire wire() {
    return wire;
  }

  /** Numeric address it listens on. */
  public String host() {
    return "127.0.0.1";
  }

  /** Port it listens on, also while it refuses connections. */
  public int port() {
    return door.port();
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

  /** How many connections have been accepted; of datagrams, how many client ports were seen. */
  public int accepted() {
    return accepted.get();
  }

  /** How many connections are open; of datagrams, how many client ports were seen. */
  public int open() {
    return door.open();
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
  public void vanish() {
    door.shut();
  }

  /** Listens again on the same port. */
  public void comeBack() {
    if (!closed()) {
      door.reopen();
    }
  }

  /** Closes every open connection in an orderly way; goes on listening. */
  public void hangUp() {
    door.hangUp();
  }

  @Override
  public void close() {
    closed.set(true);
    later.shutdownNow();
    door.shut();
  }

  boolean closed() {
    return closed.get();
  }

  /** The number of the connection that has just come. */
  int accept() {
    return accepted.incrementAndGet();
  }

  /** Something could not be sent, or was not worth an answer. */
  void ignored() {
    ignored.incrementAndGet();
  }

  static void awaitEndOf(@Nullable Thread thread) {
    if (thread != null) {
      try {
        thread.join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
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

  static Thread daemon(Runnable task, String role) {
    Thread thread = new Thread(task, "snaprail-testkit-modbus-" + role);
    thread.setDaemon(true);
    return thread;
  }
}
