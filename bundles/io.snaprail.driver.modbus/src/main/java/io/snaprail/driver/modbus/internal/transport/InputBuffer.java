package io.snaprail.driver.modbus.internal.transport;

import io.snaprail.api.driver.Deadline;
import java.io.IOException;
import java.util.Arrays;

/** Bytes that have come and were not taken yet. Used by one thread. */
public final class InputBuffer {
  private final ByteSource source;
  private final byte[] buffer;
  private int start;
  private int end;

  /**
   * Empty.
   *
   * @param capacity most bytes that {@link #fill} may be asked for
   */
  public InputBuffer(ByteSource source, int capacity) {
    this.source = source;
    this.buffer = new byte[capacity];
  }

  /** Whether everything that came was taken. */
  public boolean isEmpty() {
    return start == end;
  }

  /** Waits until so many bytes are there; the time left shrinks with every byte that trickles. */
  public void fill(int wanted, Deadline deadline) throws IOException {
    if (start > 0) {
      System.arraycopy(buffer, start, buffer, 0, end - start);
      end -= start;
      start = 0;
    }
    while (end < wanted) {
      end += source.read(buffer, end, buffer.length - end, deadline);
    }
  }

  /** A byte that is there, 0..255; 0 is the first. */
  public int octet(int index) {
    return buffer[start + index] & 0xff;
  }

  /** Two bytes that are there, the high one first, 0..65535. */
  public int word(int index) {
    return octet(index) << 8 | octet(index + 1);
  }

  /** Takes the first bytes, which are there. */
  public byte[] take(int count) {
    byte[] taken = Arrays.copyOfRange(buffer, start, start + count);
    start += count;
    return taken;
  }
}
