package io.snaprail.localiot.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * An MQTT client of bytes: sends what it is told, valid or not, and shows what comes back. It
 * acknowledges nothing by itself.
 */
public final class RawClient implements AutoCloseable {
  private final SSLSocket socket;
  private final DataInputStream in;

  public RawClient(SSLContext tls, int port) throws IOException {
    this((SSLSocket) tls.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port));
  }

  public RawClient(SSLSocket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(5000);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
  }

  /** What TLS has agreed on; empty for nothing. */
  public String applicationProtocol() {
    return socket.getApplicationProtocol();
  }

  /** A packet as it came. */
  @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
  public record Packet(int type, int flags, byte[] body) {
    /** CONNACK and SUBACK and the like: all bytes behind the fixed header, as text. */
    public String hex() {
      StringBuilder text = new StringBuilder();
      for (byte b : body) {
        text.append("%02x".formatted(b));
      }
      return text.toString();
    }

    /** Topic of a PUBLISH. */
    public String topic() {
      return new String(body, 2, length(), StandardCharsets.UTF_8);
    }

    /** Payload of a PUBLISH. */
    public String payload() {
      int start = 2 + length() + (qos() > 0 ? 2 : 0);
      return new String(body, start, body.length - start, StandardCharsets.UTF_8);
    }

    public int qos() {
      return (flags >> 1) & 3;
    }

    public boolean retained() {
      return (flags & 1) != 0;
    }

    public boolean duplicate() {
      return (flags & 8) != 0;
    }

    /** Packet id of a PUBLISH with QoS 1. */
    public int packetId() {
      int at = 2 + length();
      return ((body[at] & 0xFF) << 8) | (body[at + 1] & 0xFF);
    }

    private int length() {
      return ((body[0] & 0xFF) << 8) | (body[1] & 0xFF);
    }
  }

  /** Sends CONNECT (MQTT 3.1.1) and gives the return code. */
  public int connect(String clientId, boolean clean, int keepAlive) throws IOException {
    send(0x10, connectBody(clientId, clean ? 2 : 0, keepAlive));
    return read().body()[1];
  }

  /** Sends CONNECT with a last will of QoS 0. */
  public int connectWithWill(String clientId, String topic, String message) throws IOException {
    send(0x10, connectBody(clientId, 2 | 4, 60), utf8(topic), utf8(message));
    return read().body()[1];
  }

  /** Body of a CONNECT. */
  public static byte[] connectBody(String clientId, int flags, int keepAlive) {
    return join(
        utf8("MQTT"),
        new byte[] {4, (byte) flags, (byte) (keepAlive >> 8), (byte) keepAlive},
        utf8(clientId));
  }

  /** Sends SUBSCRIBE with one filter and gives the code of SUBACK. */
  public int subscribe(String filter, int qos) throws IOException {
    send(0x82, new byte[] {0, 9}, utf8(filter), new byte[] {(byte) qos});
    Packet suback = read();
    if (suback.type() != 9) {
      throw new IOException("expected SUBACK, found " + suback.type());
    }
    return suback.body()[2] & 0xFF;
  }

  public void publish(String topic, int qos, boolean retain, byte[] payload) throws IOException {
    byte[] id = qos > 0 ? new byte[] {0, 7} : new byte[0];
    send(0x30 | (qos << 1) | (retain ? 1 : 0), utf8(topic), id, payload);
  }

  public void publish(String topic, int qos, String payload) throws IOException {
    publish(topic, qos, false, payload.getBytes(StandardCharsets.UTF_8));
  }

  public void puback(int packetId) throws IOException {
    send(0x40, new byte[] {(byte) (packetId >> 8), (byte) packetId});
  }

  public void disconnect() throws IOException {
    send(0xE0);
  }

  /** A PINGREQ goes there and back: everything sent before has been taken. */
  public void ping() throws IOException {
    send(0xC0);
    Packet answer = read();
    if (answer.type() != 13) {
      throw new IOException("expected PINGRESP, found " + answer.type());
    }
  }

  public void send(int first, byte[]... parts) throws IOException {
    byte[] body = join(parts);
    ByteArrayOutputStream packet = new ByteArrayOutputStream();
    packet.write(first);
    int length = body.length;
    do {
      int digit = length % 128;
      length /= 128;
      packet.write(length > 0 ? digit | 0x80 : digit);
    } while (length > 0);
    packet.writeBytes(body);
    raw(packet.toByteArray());
  }

  public void raw(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  /** The next packet; fails after 5 s. */
  public Packet read() throws IOException {
    int first = in.readUnsignedByte();
    int length = 0;
    int shift = 0;
    int digit;
    do {
      digit = in.readUnsignedByte();
      length |= (digit & 0x7F) << shift;
      shift += 7;
    } while ((digit & 0x80) != 0);
    byte[] body = new byte[length];
    in.readFully(body);
    return new Packet(first >> 4, first & 15, body);
  }

  /** Whether the server ends the connection without another packet. */
  public boolean isClosedByServer() throws IOException {
    try {
      return in.read() < 0;
    } catch (EOFException | SocketException | SSLException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  public static byte[] utf8(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return join(new byte[] {(byte) (bytes.length >> 8), (byte) bytes.length}, bytes);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
