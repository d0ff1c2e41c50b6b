package io.snaprail.driver.simulator.internal.slave;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for Modbus TCP clients and serves a bounded number of them. While its port is not to be
 * had it tries again by itself.
 *
 * <p>Owns the thread {@code snaprail-slave-PORT} and one thread {@code snaprail-slave-PORT-N} for
 * each client.
 */
public final class SlaveServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlaveServer.class);

  /** Clients that are served at a time; a further one is disconnected at once. */
  public static final int MAX_CONNECTIONS = 32;

  private static final Duration RETRY = Duration.ofSeconds(3);
  private static final int ACCEPT_TIMEOUT_MS = 1000;
  private static final Duration ENDING = Duration.ofSeconds(2);

  private final Endpoint endpoint;
  private final RequestHandler handler;
  private final Consumer<String> trouble;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<SlaveConnection, Thread> connections = new ConcurrentHashMap<>();
  private final AtomicLong accepted = new AtomicLong();
  private final Thread thread;
  private volatile @Nullable ServerSocket server;
  private boolean full;

  /**
   * Where to listen.
   *
   * @param host name or address of this machine's interface
   * @param port 1..65535; 0 for any free one
   * @param unit that is answered, besides 0 and 255
   */
  public record Endpoint(String host, int port, int unit) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  /**
   * Makes a server that does nothing until it is started.
   *
   * @param trouble takes why it cannot listen, again at each attempt, and an empty text when it can
   */
  public SlaveServer(Endpoint endpoint, RegisterBank bank, Consumer<String> trouble) {
    this.endpoint = endpoint;
    this.handler = new RequestHandler(bank);
    this.trouble = trouble;
    this.thread = new Thread(this::run, name());
    thread.setDaemon(true);
  }

  private String name() {
    return "snaprail-slave-" + endpoint.port();
  }

  /** Starts listening; never blocks. */
  public void start() {
    thread.start();
  }

  /** The port that is listened on; 0 when none is. */
  public int port() {
    ServerSocket present = server;
    return present == null ? 0 : present.getLocalPort();
  }

  private void run() {
    try {
      do {
        listen();
      } while (!closed.await(RETRY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen() {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.setSoTimeout(ACCEPT_TIMEOUT_MS);
      socket.bind(new InetSocketAddress(endpoint.host(), endpoint.port()));
      server = socket;
      trouble.accept("");
      LOG.info("Modbus slave listens on {}:{}", endpoint.host(), socket.getLocalPort());
      while (!isClosed()) {
        accept(socket);
      }
    } catch (IOException | IllegalArgumentException e) {
      if (!isClosed()) {
        trouble.accept("cannot listen on " + endpoint + ": " + e.getMessage());
      }
    } finally {
      server = null;
    }
  }

  private void accept(ServerSocket socket) throws IOException {
    Socket client;
    try {
      client = socket.accept();
    } catch (SocketTimeoutException e) {
      return;
    }
    SlaveConnection connection = new SlaveConnection(client, endpoint.unit(), handler);
    if (connections.size() >= MAX_CONNECTIONS) {
      refuse(connection);
      return;
    }
    full = false;
    Thread worker = new Thread(() -> serve(connection), name() + "-" + accepted.incrementAndGet());
    worker.setDaemon(true);
    connections.put(connection, worker);
    worker.start();
    if (isClosed()) {
      connection.close();
    }
  }

  private void refuse(SlaveConnection connection) {
    connection.close();
    if (!full) {
      full = true;
      LOG.warn(
          "Modbus slave on {} serves {} clients already; further ones are refused until one leaves",
          endpoint,
          MAX_CONNECTIONS);
    }
  }

  private void serve(SlaveConnection connection) {
    try {
      connection.run();
    } finally {
      connections.remove(connection);
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Disconnects everyone and frees the port before it returns. */
  @Override
  public void close() {
    closed.countDown();
    closeQuietly(server);
    connections.keySet().forEach(SlaveConnection::close);
    try {
      thread.join(ENDING.toMillis());
      for (Thread worker : connections.values()) {
        worker.join(ENDING.toMillis());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeQuietly(@Nullable ServerSocket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      LOG.debug("{} did not close", endpoint, e);
    }
  }
}
