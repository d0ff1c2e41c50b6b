package io.snaprail.testkit.modbus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/** Connections. Threads: one that accepts, one a connection. */
final class TcpDoor implements Door {
  private final HostileModbusServer server;
  private final ServerSocketFactory sockets;
  private final int port;
  private final Set<ServerConnection> connections =
      Collections.newSetFromMap(new ConcurrentHashMap<>());

  private volatile @Nullable ServerSocket listener;
  private volatile @Nullable Thread acceptor;

  TcpDoor(HostileModbusServer server, ServerSocketFactory sockets) throws IOException {
    this.server = server;
    this.sockets = sockets;
    ServerSocket socket = bind(0);
    port = socket.getLocalPort();
    listen(socket);
  }

  private ServerSocket bind(int port) throws IOException {
    ServerSocket socket = sockets.createServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(HostileModbusServer.loopback(), port));
    return socket;
  }

  private void listen(ServerSocket socket) {
    listener = socket;
    Thread thread = HostileModbusServer.daemon(() -> acceptAll(socket), "accept");
    acceptor = thread;
    thread.start();
  }

  private void acceptAll(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        serve(socket.accept());
      } catch (IOException e) {
        // The socket was closed by shut(), or a client was gone before it was accepted.
        if (!socket.isClosed()) {
          closeQuietly(socket);
        }
      }
    }
  }

  private void serve(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    ServerConnection connection = new ServerConnection(server, this, socket, server.accept());
    connections.add(connection);
    if (listener == null) {
      connection.reset();
    }
    HostileModbusServer.daemon(connection, "connection").start();
  }

  void ended(ServerConnection connection) {
    connections.remove(connection);
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public int open() {
    return connections.size();
  }

  @Override
  public void hangUp() {
    connections.forEach(ServerConnection::close);
  }

  @Override
  public synchronized void shut() {
    ServerSocket now = listener;
    listener = null;
    closeQuietly(now);
    // While a thread is in accept(), the system still takes connections, closed socket or not.
    HostileModbusServer.awaitEndOf(acceptor);
    connections.forEach(ServerConnection::reset);
  }

  @Override
  public synchronized void reopen() {
    if (listener == null) {
      try {
        listen(bind(port));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot listen on port " + port + " again", e);
      }
    }
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
