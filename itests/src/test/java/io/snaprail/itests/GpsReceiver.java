package io.snaprail.itests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A GPS receiver that drives north, behind a TCP server that passes bytes on, as a converter does.
 * Every tenth sentence is damaged.
 */
final class GpsReceiver implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private int sentences;

  GpsReceiver() throws IOException {
    thread(this::accept);
    clock.scheduleWithFixedDelay(this::send, 0, 200, TimeUnit.MILLISECONDS);
  }

  /** As a setting. */
  String port() {
    return "tcp://127.0.0.1:" + server.getLocalPort();
  }

  /** What was sent to it so far. */
  String heard() {
    return String.join("", heard);
  }

  private static void thread(Runnable task) {
    Thread thread = new Thread(task, "gps receiver");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        thread(() -> hear(socket));
      } catch (IOException e) {
        if (!server.isClosed()) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  private void hear(Socket socket) {
    try {
      byte[] buffer = new byte[256];
      for (int n = socket.getInputStream().read(buffer); n > 0; ) {
        heard.add(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
        n = socket.getInputStream().read(buffer);
      }
    } catch (IOException e) {
      sockets.remove(socket); // the other side has gone
    }
  }

  private void send() {
    int n = ++sentences;
    String rmc =
        "GPRMC,1235%02d,A,48%02d.038,N,01131.000,E,022.4,084.4,230394,003.1,W"
            .formatted(n % 60, n % 60);
    String gga =
        "GPGGA,1235%02d,48%02d.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,"
            .formatted(n % 60, n % 60);
    int damage = n % 10 == 0 ? 1 : 0;
    byte[] bytes =
        "$%s*%02X\r\n$%s*%02X\r\n"
            .formatted(rmc, xor(rmc) ^ damage, gga, xor(gga))
            .getBytes(StandardCharsets.US_ASCII);
    for (Socket socket : sockets) {
      write(socket, bytes);
    }
  }

  private void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      sockets.remove(socket); // the other side has gone
    }
  }

  /** NMEA 0183, 5.3.1: of all characters between $ and *. */
  private static int xor(String text) {
    return text.chars().reduce(0, (a, b) -> a ^ b);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
