package io.snaprail.mqtt.support;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A broker that does with each connection what a test says, one after another. */
public final class ScriptedBroker implements AutoCloseable {
  private final ServerSocket server;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final Thread thread;

  /** What is done with a connection. */
  public interface Script {
    void run(Socket socket, DataInputStream in) throws IOException;

    /** Whether connections stay open when the script is through: it has a thread for each. */
    default boolean keepsOpen() {
      return false;
    }
  }

  /** Runs a script for each connection by a thread of its own. */
  public static Script inParallel(Script script) {
    return new Script() {
      @Override
      public void run(Socket socket, DataInputStream in) {
        Thread thread = new Thread(() -> serve(script, socket, in), "scripted-connection");
        thread.setDaemon(true);
        thread.start();
      }

      @Override
      public boolean keepsOpen() {
        return true;
      }
    };
  }

  private static void serve(Script script, Socket socket, DataInputStream in) {
    try (socket) {
      script.run(socket, in);
    } catch (IOException e) {
      Thread.currentThread().setName("scripted-connection ended: " + e.getMessage());
    }
  }

  public ScriptedBroker(Script script) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread = new Thread(() -> serve(script), "scripted-broker");
    thread.setDaemon(true);
    thread.start();
  }

  public int port() {
    return server.getLocalPort();
  }

  public int connections() {
    return connections.get();
  }

  /** Reads a packet and gives its first byte. */
  public static int packet(InputStream in) throws IOException {
    return whole(in)[0] & 0xff;
  }

  /** The topic of a PUBLISH: MQTT 3.1.1, 3.3.2. */
  public static String topic(byte[] publish) {
    int length = ByteBuffer.wrap(publish).getShort(1);
    return new String(publish, 3, length, StandardCharsets.UTF_8);
  }

  /** Acknowledges a PUBLISH. */
  public static void puback(Socket socket, byte[] publish) throws IOException {
    int at = 3 + ByteBuffer.wrap(publish).getShort(1);
    socket.getOutputStream().write(new byte[] {0x40, 2, publish[at], publish[at + 1]});
    socket.getOutputStream().flush();
  }

  /** Reads a packet: its first byte and what comes after the length. */
  public static byte[] whole(InputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      throw new IOException("closed");
    }
    int length = 0;
    int shift = 0;
    int digit;
    do {
      digit = in.read();
      length |= (digit & 0x7f) << shift;
      shift += 7;
    } while ((digit & 0x80) != 0);
    byte[] packet = new byte[length + 1];
    packet[0] = (byte) first;
    if (in.readNBytes(packet, 1, length) < length) {
      throw new IOException("closed");
    }
    return packet;
  }

  /** Answers CONNECT: MQTT 3.1.1, 3.2. */
  public static void connack(Socket socket, int code) throws IOException {
    socket.getOutputStream().write(new byte[] {0x20, 2, 0, (byte) code});
    socket.getOutputStream().flush();
  }

  private void serve(Script script) {
    while (!server.isClosed()) {
      try {
        serveNext(script);
      } catch (IOException e) {
        // The client or the test has ended this connection: the next one comes.
        ended.incrementAndGet();
      }
    }
  }

  // A script that keeps connections open closes them itself.
  private void serveNext(Script script) throws IOException {
    Socket socket = server.accept();
    connections.incrementAndGet();
    try {
      script.run(socket, new DataInputStream(socket.getInputStream()));
    } finally {
      if (!script.keepsOpen()) {
        socket.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
