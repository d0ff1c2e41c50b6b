package io.snaprail.serial.internal.link;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import java.util.ArrayDeque;

/**
 * Takes what was sent out of what comes in, byte by byte, on a line that hears itself. A byte that
 * differs shows that two senders spoke at once, or that the line has no echo.
 */
public final class EchoFilter implements Link {
  // More than the longest frame of any protocol here; what is sent beyond it is written in parts,
  // so a line without echo cannot fill the memory.
  private static final int MOST_EXPECTED = 8192;

  private final String port;
  private final Link link;
  // Guarded by itself: the writer adds, the reader takes.
  private final ArrayDeque<Byte> expected = new ArrayDeque<>();
  private long matched;

  /** Filters what comes from a link. */
  public EchoFilter(String port, Link link) {
    this.port = port;
    this.link = link;
  }

  @Override
  public int read(byte[] buffer, int offset, int length, Deadline deadline) throws SerialException {
    while (true) {
      int count = link.read(buffer, offset, length, deadline);
      if (count == 0) {
        return 0;
      }
      int echoed = takeEcho(buffer, offset, count);
      if (echoed < count) {
        System.arraycopy(buffer, offset + echoed, buffer, offset, count - echoed);
        return count - echoed;
      }
    }
  }

  private int takeEcho(byte[] buffer, int offset, int count) throws SerialException {
    synchronized (expected) {
      int index = 0;
      while (index < count && !expected.isEmpty()) {
        byte want = expected.remove();
        byte found = buffer[offset + index];
        if (want != found) {
          expected.clear();
          throw new SerialException(
              Kind.PROTOCOL,
              "%s: expected byte %d of what was sent to come back as 0x%02x, found 0x%02x. Either two devices sent at once, or the line has no echo: then set 'echo' to false."
                  .formatted(port, matched + 1, want, found));
        }
        matched++;
        index++;
      }
      return index;
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length, Deadline deadline)
      throws SerialException {
    synchronized (expected) {
      if (expected.size() + length > MOST_EXPECTED) {
        throw new SerialException(
            Kind.PROTOCOL,
            "%s: %d bytes that were sent have not come back. If the line has no echo, set 'echo' to false."
                .formatted(port, expected.size()));
      }
      if (expected.isEmpty()) {
        matched = 0;
      }
      // Before they are sent: the echo may come while the write still runs.
      for (int i = 0; i < length; i++) {
        expected.add(bytes[offset + i]);
      }
    }
    link.write(bytes, offset, length, deadline);
  }

  @Override
  public void drain(Deadline deadline) throws SerialException {
    link.drain(deadline);
  }

  @Override
  public void setLine(LineSettings line, Deadline deadline) throws SerialException {
    link.setLine(line, deadline);
  }

  @Override
  public void discardInput() throws SerialException {
    link.discardInput();
    synchronized (expected) {
      expected.clear();
    }
  }

  @Override
  public void close() {
    link.close();
  }
}
