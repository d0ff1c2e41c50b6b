package io.snaprail.benchmarks.localiot;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A connection of a client that has said CONNECT; as cheap as it can be. */
final class Connection implements AutoCloseable {
  static final int PUBACK_BYTES = 4;
  private static final int CONNACK = 0x20;
  private static final int SUBACK = 0x90;
  private static final int PUBLISH = 0x3;
  private static final int BUFFER = 64 * 1024;
  private static final int ACKNOWLEDGED_AT_ONCE = 32;

  private final SSLSocket socket;
  private final DataInputStream in;

  Connection(SSLContext tls, int port, String clientId) throws IOException {
    socket =
        (SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(20_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER));
    ByteArrayOutputStream connect = new ByteArrayOutputStream();
    connect.writeBytes(text("MQTT"));
    connect.writeBytes(new byte[] {4, 2, 0x04, (byte) 0xB0});
    connect.writeBytes(text(clientId));
    exchange(0x10, connect.toByteArray(), CONNACK);
  }

  void subscribe(String topic) throws IOException {
    ByteArrayOutputStream subscribe = new ByteArrayOutputStream();
    subscribe.writeBytes(new byte[] {0, 1});
    subscribe.writeBytes(text(topic));
    subscribe.write(1);
    exchange(0x82, subscribe.toByteArray(), SUBACK);
  }

  /** A PUBLISH with QoS 1; its packet id has still to be put at {@code offset}. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  record Template(byte[] packet, int offset) {
    static Template of(String topic, int payload) {
      byte[] name = text(topic);
      int length = name.length + 2 + payload;
      ByteArrayOutputStream packet = new ByteArrayOutputStream();
      packet.write(0x32);
      packet.write(length % 128 | 0x80);
      packet.write(length / 128);
      packet.writeBytes(name);
      int offset = packet.size();
      packet.writeBytes(new byte[2 + payload]);
      return new Template(packet.toByteArray(), offset);
    }
  }

  void write(byte[] bytes, int length) throws IOException {
    socket.getOutputStream().write(bytes, 0, length);
  }

  /** Waits for one PUBACK. */
  void readAcknowledgement() throws IOException {
    in.readFully(new byte[PUBACK_BYTES]);
  }

  /** Takes and acknowledges so many messages. */
  void receive(int count) throws IOException {
    ByteArrayOutputStream acknowledgements = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      int type = in.readUnsignedByte();
      int length = 0;
      int shift = 0;
      int digit;
      do {
        digit = in.readUnsignedByte();
        length |= (digit & 0x7F) << shift;
        shift += 7;
      } while (digit >= 0x80);
      byte[] body = in.readNBytes(length);
      if (type >> 4 != PUBLISH || body.length < length) {
        throw new IOException("expected PUBLISH, found packet type " + (type >> 4));
      }
      int id = 2 + (body[0] << 8 | body[1]);
      acknowledgements.writeBytes(new byte[] {0x40, 2, body[id], body[id + 1]});
      if (acknowledgements.size() >= ACKNOWLEDGED_AT_ONCE * PUBACK_BYTES || in.available() == 0) {
        write(acknowledgements.toByteArray(), acknowledgements.size());
        acknowledgements.reset();
      }
    }
    write(acknowledgements.toByteArray(), acknowledgements.size());
  }

  /** Whether it is still connected, with nothing to read. */
  boolean quiet() throws IOException {
    socket.setSoTimeout(1);
    try {
      return in.read() >= 0;
    } catch (java.net.SocketTimeoutException nothing) {
      return true;
    }
  }

  private void exchange(int type, byte[] body, int expected) throws IOException {
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(type);
    packet.write(body.length);
    packet.writeBytes(body);
    write(packet.toByteArray(), packet.size());
    int answer = in.readUnsignedByte();
    byte[] rest = in.readNBytes(in.readUnsignedByte());
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

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
