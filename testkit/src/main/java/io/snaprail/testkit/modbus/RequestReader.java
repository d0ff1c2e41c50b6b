package io.snaprail.testkit.modbus;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Reads requests from a connection. A client that sends something else is an error of the test. */
final class RequestReader {
  private final Wire wire;
  private final DataInputStream in;
  private final int connection;

  RequestReader(Wire wire, DataInputStream in, int connection) {
    this.wire = wire;
    this.in = in;
    this.connection = connection;
  }

  /** The request in a datagram. */
  static Request datagram(byte[] bytes, int client) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    Request request = new RequestReader(Wire.UDP, in, client).next();
    if (in.available() > 0) {
      throw new IOException("a client sent " + in.available() + " bytes after its request");
    }
    return request;
  }

  Request next() throws IOException {
    return switch (wire) {
      case TCP, UDP -> withHeader();
      case RTU_OVER_TCP -> rtu();
      case ASCII_OVER_TCP -> ascii();
    };
  }

  private Request withHeader() throws IOException {
    int transaction = in.readUnsignedShort();
    int protocol = in.readUnsignedShort();
    int length = in.readUnsignedShort();
    if (protocol != 0 || length < 2 || length > 254) {
      throw new IOException("a client sent protocol " + protocol + ", length " + length);
    }
    int unit = in.readUnsignedByte();
    byte[] pdu = new byte[length - 1];
    in.readFully(pdu);
    return new Request(connection, transaction, unit, pdu);
  }

  private Request rtu() throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(take(2));
    int function = frame.toByteArray()[1];
    switch (function) {
      case 1, 2, 3, 4, 5, 6 -> frame.write(take(4));
      case 15, 16 -> counted(frame, 4);
      case 22 -> frame.write(take(6));
      case 23 -> counted(frame, 8);
      case 43 -> frame.write(take(3));
      default -> throw new IOException("a client sent function " + function);
    }
    frame.write(take(2));
    byte[] bytes = frame.toByteArray();
    if (!Wire.intact(bytes)) {
      throw new IOException("a client sent a wrong checksum");
    }
    return new Request(
        connection, 0, bytes[0] & 0xff, Arrays.copyOfRange(bytes, 1, bytes.length - 2));
  }

  private Request ascii() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int octet;
    do {
      octet = in.readUnsignedByte();
      line.write(octet);
    } while (octet != '\n');
    String text = line.toString(StandardCharsets.US_ASCII);
    byte[] bytes = HexFormat.of().parseHex(text, 1, text.length() - 2);
    byte[] pdu = Arrays.copyOfRange(bytes, 1, bytes.length - 1);
    if (!Arrays.equals(line.toByteArray(), wire.frame(0, 0, bytes[0] & 0xff, pdu))) {
      throw new IOException("a client sent a malformed line");
    }
    return new Request(connection, 0, bytes[0] & 0xff, pdu);
  }

  private void counted(ByteArrayOutputStream frame, int before) throws IOException {
    frame.write(take(before));
    int count = in.readUnsignedByte();
    frame.write(count);
    frame.write(take(count));
  }

  private byte[] take(int count) throws IOException {
    byte[] bytes = new byte[count];
    in.readFully(bytes);
    return bytes;
  }
}
