package io.snaprail.testkit.line;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** One end of a line as a file, and when each of its bytes came. Ends with the simulator. */
final class Terminal {
  /** A byte and the time at which it was read. */
  record Arrival(int octet, long nanoTime) {}

  private static final Arrival END = new Arrival(-1, 0);

  private final RandomAccessFile file;
  private final BlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(100_000);

  Terminal(Path port) throws IOException {
    file = new RandomAccessFile(port.toRealPath().toFile(), "rw");
    Thread reader = new Thread(this::read, "snaprail-testkit-terminal");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    byte[] buffer = new byte[4096];
    try {
      int count = file.read(buffer);
      while (count > 0) {
        long now = System.nanoTime();
        for (int i = 0; i < count; i++) {
          arrivals.add(new Arrival(buffer[i] & 0xff, now));
        }
        count = file.read(buffer);
      }
    } catch (IOException gone) {
      // As when a port is unplugged: told by what is read.
    }
    arrivals.add(END);
  }

  /** Sends; returns when it began to. */
  long write(int... octets) throws IOException {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    long now = System.nanoTime();
    file.write(bytes);
    return now;
  }

  /** The next bytes, up to so many: fewer when no more come within the time. */
  Arrival[] take(int most, int waitMs) throws InterruptedException {
    Arrival[] taken = new Arrival[most];
    int count = 0;
    while (count < most) {
      Arrival next = arrivals.poll(waitMs, TimeUnit.MILLISECONDS);
      if (next == null || next.octet() < 0) {
        break;
      }
      taken[count++] = next;
    }
    return Arrays.copyOf(taken, count);
  }

  /** Whether the port has gone; waits for it. */
  boolean gone(int waitMs) throws InterruptedException {
    Arrival next = arrivals.poll(waitMs, TimeUnit.MILLISECONDS);
    return next != null && next.octet() < 0;
  }
}
