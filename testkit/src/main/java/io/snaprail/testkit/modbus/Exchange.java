package io.snaprail.testkit.modbus;

import java.io.IOException;
import java.time.Duration;

/** One request and the line it came on, in the hands of a {@link Behaviour}. */
public interface Exchange {
  /** What was asked. */
  Request request();

  /** The right answer, function code and data; a write is carried out, once. */
  byte[] rightAnswer() throws IOException;

  /** Puts bytes on the line as they are. */
  void send(byte[] bytes) throws IOException;

  /** Puts bytes on the line after a while, unless the connection has ended; does not wait. */
  void sendLater(Duration delay, byte[] bytes);

  /** Waits; ends early when the server or the connection ends. */
  void pause(Duration time) throws IOException;

  /** Ends the connection in an orderly way (FIN). */
  void close() throws IOException;

  /** Breaks the connection (RST). */
  void reset() throws IOException;
}
