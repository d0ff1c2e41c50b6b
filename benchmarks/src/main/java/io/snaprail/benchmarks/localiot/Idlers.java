package io.snaprail.benchmarks.localiot;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Clients that connect with mutual TLS, subscribe to one topic each and then only listen. */
final class Idlers implements AutoCloseable {
  private static final int CONNACK = 0x20;
  private static final int SUBACK = 0x90;

  private final List<SSLSocket> sockets = new ArrayList<>();
  private final SSLContext tls;
  private final int port;

  Idlers(Pki pki, int port) throws IOException, GeneralSecurityException {
    this.tls = pki.context("client");
    this.port = port;
  }

  /** One more that subscribes to a topic. */
  void add(String clientId, String topic) throws IOException {
    SSLSocket socket =
        (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    sockets.add(socket);
    socket.setSoTimeout(10_000);
    ByteArrayOutputStream connect = new ByteArrayOutputStream();
    connect.writeBytes(text("MQTT"));
    connect.writeBytes(new byte[] {4, 2, 0x04, (byte) 0xB0});
    connect.writeBytes(text(clientId));
    DataInputStream in = new DataInputStream(socket.getInputStream());
    exchange(socket, in, 0x10, connect.toByteArray(), CONNACK);
    ByteArrayOutputStream subscribe = new ByteArrayOutputStream();
    subscribe.writeBytes(new byte[] {0, 1});
    subscribe.writeBytes(text(topic));
    subscribe.write(1);
    exchange(socket, in, 0x82, subscribe.toByteArray(), SUBACK);
  }

  private static void exchange(
      SSLSocket socket, DataInputStream in, int type, byte[] body, int expected)
      throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(type);
    packet.write(body.length);
    packet.writeBytes(body);
    socket.getOutputStream().write(packet.toByteArray());
    int answer = in.readUnsignedByte();
    byte[] rest = new byte[in.readUnsignedByte()];
    in.readFully(rest);
    if (answer != expected || rest[rest.length - 1] < 0 || (expected == CONNACK && rest[1] != 0)) {
      throw new IOException("expected packet %x, found %x".formatted(expected, answer));
    }
  }

  private static byte[] text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] all = new byte[bytes.length + 2];
    all[1] = (byte) bytes.length;
    System.arraycopy(bytes, 0, all, 2, bytes.length);
    return all;
  }

  /** Whether all are still connected; they have nothing to read. */
  boolean allThere() throws IOException {
    for (SSLSocket socket : sockets) {
      socket.setSoTimeout(1);
      try {
        if (socket.getInputStream().read() < 0) {
          return false;
        }
      } catch (java.net.SocketTimeoutException quiet) {
        socket.setSoTimeout(10_000);
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    for (SSLSocket socket : sockets) {
      socket.close();
    }
  }
}
