package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.driver.modbus.internal.transport.ByteSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * An open port with the silences that Modbus wants: nothing is sent earlier than t3.5 after the
 * last byte on the line, whoever sent it. Used by one thread at a time.
 */
final class SerialLine implements ByteSource {
  /** Longest wait without a look whether it is still wanted. */
  private static final Duration LOOK = Duration.ofMillis(500);

  /**
   * After something unexpected the line counts as silent when nothing has come for so long: USB
   * adapters keep bytes back for up to 16 ms.
   */
  private static final Duration SETTLED = Duration.ofMillis(20);

  /** More than any frame. */
  private static final int MOST_KEPT = 1024;

  private final SerialConnection connection;
  private final LineTiming timing;
  private final Duration brokenOff;
  private final boolean echo;
  private final BooleanSupplier unwanted;
  private final byte[] frame = new byte[MOST_KEPT];
  private int received;
  private long firstByteAt;
  private boolean echoDoubtful;

  /** When the line falls silent, as far as is known. */
  private long busyUntil = System.nanoTime();

  /**
   * A line on an open port.
   *
   * @param brokenOff a frame that has not gone on for so long does not go on
   * @param echo whether the port service takes out what comes back of what was sent
   * @param unwanted whether whoever waits has been told to end
   */
  SerialLine(
      SerialConnection connection,
      LineTiming timing,
      Duration brokenOff,
      boolean echo,
      BooleanSupplier unwanted) {
    this.connection = connection;
    this.timing = timing;
    this.brokenOff = brokenOff;
    this.echo = echo;
    this.unwanted = unwanted;
  }

  boolean on(SerialConnection other) {
    return connection == other;
  }

  /**
   * Waits until the line has been silent for t3.5, and sends.
   *
   * @param strays takes what came meanwhile
   * @return when the last bit leaves, as {@link System#nanoTime()}
   */
  long send(byte[] bytes, Deadline deadline, Strays strays) throws IOException {
    try {
      if (echoDoubtful) {
        echoDoubtful = false;
        connection.discardInput();
      }
      awaitSilence(deadline, strays);
      long begin = System.nanoTime();
      connection.write(bytes, deadline);
      busyUntil = begin + timing.of(bytes.length);
      // With RTS as the switch of direction, writing takes as long as the line.
      long now = System.nanoTime();
      if (now - busyUntil > 0) {
        busyUntil = now;
      }
      return busyUntil;
    } catch (SerialException e) {
      throw new SerialFailure(e);
    }
  }

  /** Nothing may be sent before this time and t3.5. */
  void keepFree(long untilNanoTime) {
    busyUntil = untilNanoTime;
  }

  /** Takes frames that nobody waits for. */
  @FunctionalInterface
  interface Strays {
    /** Bytes between two silences. */
    void came(byte[] bytes);
  }

  private void awaitSilence(Deadline deadline, Strays strays) throws IOException {
    beginFrame();
    while (true) {
      take(Deadline.atNanoTime(System.nanoTime()));
      long free = busyUntil + timing.silenceNanos();
      if (free - System.nanoTime() <= 0) {
        tell(strays);
        return;
      }
      if (deadline.remainingNanos() <= free - System.nanoTime()) {
        tell(strays);
        throw new UnsentException("the line did not fall silent in time");
      }
      Pacing.until(free);
    }
  }

  /** Listens until a time, and until what has begun by then has ended. */
  void listen(long untilNanoTime, Strays strays) throws IOException {
    beginFrame();
    while (true) {
      requireWanted();
      long end = received > 0 ? System.nanoTime() + SETTLED.toNanos() : untilNanoTime;
      boolean came = take(Deadline.atNanoTime(end));
      if (!came) {
        tell(strays);
        if (untilNanoTime - System.nanoTime() <= 0) {
          return;
        }
      }
    }
  }

  private void tell(Strays strays) {
    if (received > 0) {
      strays.came(frame());
      beginFrame();
    }
  }

  /** What comes from now on is a new frame. */
  void beginFrame() {
    received = 0;
  }

  /** What has come since the frame was begun, as far as it was kept. */
  byte[] frame() {
    return Arrays.copyOf(frame, Math.min(received, frame.length));
  }

  /** When the first byte of the frame came; of no meaning before. */
  long firstByteAt() {
    return firstByteAt;
  }

  /** When the last byte came; of no meaning before. */
  long lastByteAt() {
    return busyUntil;
  }

  /** Takes what still comes until the line is silent. */
  void settle(Deadline deadline) throws IOException {
    boolean came = true;
    while (came && !deadline.expired()) {
      came = take(Deadline.in(SETTLED));
    }
  }

  /** Before the next request, forgets an echo that may still be awaited. */
  void doubtEcho() {
    echoDoubtful = echo;
  }

  private boolean take(Deadline deadline) throws IOException {
    byte[] bytes = new byte[MOST_KEPT];
    return readOnce(bytes, 0, bytes.length, deadline) > 0;
  }

  @Override
  public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
    while (true) {
      requireWanted();
      Deadline end = received > 0 ? deadline.orIn(brokenOff) : deadline.orIn(LOOK);
      int count = readOnce(into, offset, length, end);
      if (count > 0) {
        return count;
      }
      if (deadline.expired()) {
        throw new SocketTimeoutException();
      }
      if (received > 0) {
        throw new BrokenOffException(received);
      }
    }
  }

  private void requireWanted() throws IOException {
    if (unwanted.getAsBoolean()) {
      throw new InterruptedIOException("the device has been deactivated");
    }
  }

  private int readOnce(byte[] into, int offset, int length, Deadline deadline) throws IOException {
    try {
      int count = connection.read(into, offset, length, deadline);
      if (count > 0) {
        busyUntil = System.nanoTime();
        if (received == 0) {
          firstByteAt = busyUntil;
        }
        int kept = Math.max(0, Math.min(count, frame.length - received));
        System.arraycopy(into, offset, frame, Math.min(received, frame.length - kept), kept);
        received += count;
      }
      return count;
    } catch (SerialException e) {
      throw new SerialFailure(e);
    }
  }
}
