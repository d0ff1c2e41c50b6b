package io.snaprail.testkit.modbus;

import java.io.IOException;
import java.time.Duration;

/** One request and the line it came on, in the hands of a {@link Behaviour}. */
public interface Exchange {
  /** What was asked. */
  Request request();

  /** The right answer, function code and data; a write is carried out, once. */
  byte[] rightAnswer() throws IOException;

  /** How it came, and how the answer travels. */
  Wire wire();

  /** The frame in which such an answer belongs. */
  default byte[] frame(byte[] pdu) {
    return wire().frame(request().transaction(), 0, request().unit(), pdu);
  }

  /** Puts bytes on the line so that they arrive at once; as datagrams, one after the other. */
  void sendTogether(byte[] first, byte[] second) throws IOException;

  /** Puts bytes on the line as they are. */
  void send(byte[] bytes) throws IOException;

  /**
   * Puts part of a frame on the line. What was to come later comes no more: in the middle of a
   * frame nobody could tell it from the rest.
   */
  default void sendPart(byte[] bytes) throws IOException {
    send(bytes);
  }

  /** Puts a frame on the line byte by byte. */
  default void sendSlowly(byte[] frame, Duration perByte) throws IOException {
    for (byte b : frame) {
      sendPart(new byte[] {b});
      pause(perByte);
    }
  }

  /** Puts bytes on the line after a while, unless the connection has ended; does not wait. */
  void sendLater(Duration delay, byte[] bytes);

  /** Waits; ends early when the server or the connection ends. */
  void pause(Duration time) throws IOException;

  /** Ends the connection in an orderly way (FIN). */
  void close() throws IOException;

  /** Breaks the connection (RST). */
  void reset() throws IOException;
}
