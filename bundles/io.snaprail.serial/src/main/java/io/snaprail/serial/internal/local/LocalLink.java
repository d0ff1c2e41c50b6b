package io.snaprail.serial.internal.local;

import com.fazecast.jSerialComm.SerialPort;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Rs485;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.serial.internal.link.Link;
import io.snaprail.serial.internal.link.Waiting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open port of this machine. Every native call is made under a shared lock that closing takes
 * alone: jSerialComm may crash, or use the descriptor of another file, when a port is closed under
 * a call.
 */
final class LocalLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(LocalLink.class);

  // A native read waits up to READ_SLICE_MS and some timer ticks: only far from the deadline.
  private static final long BLOCKING_NANOS =
      TimeUnit.MILLISECONDS.toNanos(LocalOpener.READ_SLICE_MS + 20);
  private static final long SHORTEST_POLL_NANOS = 50_000;
  private static final long LONGEST_POLL_NANOS = 400_000;
  // A native write blocks without end when flow control holds the line and the system's buffer
  // (4 KiB) is full: never more than this is in it.
  private static final int MOST_QUEUED = 2048;
  private static final long READS_END_MS = LocalOpener.READ_SLICE_MS + 50;
  private static final long CLOSE_WAIT_MS = 500;
  private static final int DISCARD_MOST = 1 << 20;

  private final String name;
  private final Path device;
  private final SerialPort port;
  private final Rs485 rs485;
  private volatile long characterNanos;

  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
  private final ReentrantLock readLock = new ReentrantLock();
  private final ReentrantLock writeLock = new ReentrantLock();
  // Native calls copy the whole array both ways: a small one, never the caller's. Under readLock.
  private final byte[] input = new byte[1024];
  private volatile boolean closed;
  private volatile boolean writing;
  private volatile long lineFreeAt = System.nanoTime();

  LocalLink(String name, Path device, SerialPort port, SerialSettings settings) {
    this.name = name;
    this.device = device;
    this.port = port;
    this.rs485 = settings.rs485();
    this.characterNanos = settings.line().characterNanos();
  }

  /** Brings RTS to rest where it is ours; closes the port when it has none. */
  void start() throws SerialException {
    if (rs485.direction() != Rs485.Direction.RTS) {
      return;
    }
    try {
      transmitter(false);
    } catch (SerialException failure) {
      close();
      throw failure;
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length, Deadline deadline) throws SerialException {
    Waiting.lock(name, readLock, deadline, "read");
    try {
      long start = System.nanoTime();
      while (true) {
        int count = readOnce(Math.min(length, input.length), deadline);
        if (count > 0) {
          System.arraycopy(input, 0, buffer, offset, count);
          return count;
        }
        if (deadline.expired()) {
          return 0;
        }
        // The longer it has lasted, the less a little more matters.
        long poll = (System.nanoTime() - start) / 16;
        Waiting.pause(
            name, Math.max(SHORTEST_POLL_NANOS, Math.min(LONGEST_POLL_NANOS, poll)), deadline);
      }
    } finally {
      readLock.unlock();
    }
  }

  private int readOnce(int length, Deadline deadline) throws SerialException {
    if (deadline.remainingNanos() > BLOCKING_NANOS) {
      return call(() -> port.readBytes(input, length), "read");
    }
    int available = call(port::bytesAvailable, "read");
    return available == 0
        ? 0
        : call(() -> port.readBytes(input, Math.min(length, available)), "read");
  }

  @Override
  public void write(byte[] bytes, int offset, int length, Deadline deadline)
      throws SerialException {
    Waiting.lock(name, writeLock, deadline, "write");
    try {
      if (rs485.direction() == Rs485.Direction.RTS) {
        writeSwitched(bytes, offset, length, deadline);
      } else {
        writeAll(bytes, offset, length, deadline);
      }
    } finally {
      writeLock.unlock();
    }
  }

  private void writeSwitched(byte[] bytes, int offset, int length, Deadline deadline)
      throws SerialException {
    transmitter(true);
    try {
      waitFor(rs485.delayBeforeMs());
      writeAll(bytes, offset, length, deadline);
      drain(deadline);
      waitFor(rs485.delayAfterMs());
    } finally {
      // Whatever happened: a transmitter left on blocks the whole line.
      if (!closed) {
        transmitter(false);
      }
    }
  }

  private void waitFor(int millis) throws SerialException {
    Deadline end = Deadline.in(Duration.ofMillis(millis));
    while (!end.expired()) {
      Waiting.pause(name, TimeUnit.MILLISECONDS.toNanos(millis), end);
    }
  }

  private void transmitter(boolean on) throws SerialException {
    boolean high = on == rs485.rtsHighOnSend();
    boolean[] done = new boolean[1];
    call(
        () -> {
          done[0] = high ? port.setRTS() : port.clearRTS();
          return 0;
        },
        "switch RTS");
    if (!done[0]) {
      // Fails on a port that is gone too, which is told as such.
      call(port::bytesAvailable, "switch RTS");
      throw new SerialException(
          Kind.SETTINGS,
          name
              + ": the port has no line RTS to switch the direction with. Set rs485.direction to"
              + " none or driver.");
    }
  }

  private void writeAll(byte[] bytes, int offset, int length, Deadline deadline)
      throws SerialException {
    int done = 0;
    while (done < length) {
      int room = MOST_QUEUED - queued();
      if (room > 0) {
        int from = offset + done;
        int size = Math.min(room, length - done);
        int count = send(bytes, from, size);
        busy(count);
        // jSerialComm returns 0 after an error too.
        if (count < size) {
          throw lost("write");
        }
        done += count;
      } else if (deadline.expired()) {
        throw new SerialException(
            Kind.TIMEOUT,
            "%s: %d of %d bytes could not be sent in time: does flow control or the far side hold the line?"
                .formatted(name, length - done, length));
      } else {
        Waiting.pause(name, LONGEST_POLL_NANOS, deadline);
      }
    }
  }

  private int send(byte[] bytes, int from, int size) throws SerialException {
    writing = true;
    try {
      return call(() -> port.writeBytes(bytes, size, from), "write");
    } finally {
      writing = false;
    }
  }

  private void busy(int count) {
    long now = System.nanoTime();
    long from = lineFreeAt - now > 0 ? lineFreeAt : now;
    lineFreeAt = from + count * characterNanos;
  }

  // Some drivers cannot tell: then only time does.
  private int queued() throws SerialException {
    int[] count = new int[1];
    call(
        () -> {
          count[0] = port.bytesAwaitingWrite();
          return 0;
        },
        "write");
    return Math.max(0, count[0]);
  }

  @Override
  public void drain(Deadline deadline) throws SerialException {
    while (true) {
      long left = lineFreeAt - System.nanoTime();
      if (left <= 0 && queued() == 0) {
        return;
      }
      if (deadline.expired()) {
        throw new SerialException(
            Kind.TIMEOUT,
            "%s: what was written did not leave the line in time: is the time too short, or does flow control hold it?"
                .formatted(name));
      }
      Waiting.pause(name, left > 0 ? left : SHORTEST_POLL_NANOS, deadline);
    }
  }

  @Override
  public void setLine(LineSettings line, Deadline deadline) throws SerialException {
    Waiting.lock(name, writeLock, deadline, "set the line");
    try {
      drain(deadline);
      boolean[] done = new boolean[1];
      call(
          () -> {
            done[0] = LocalOpener.setLine(port, line);
            return 0;
          },
          "set the line");
      if (!done[0]) {
        // Fails on a port that is gone, which is told as such.
        call(port::bytesAvailable, "set the line");
        throw LocalOpener.refused(name, line);
      }
      characterNanos = line.characterNanos();
    } finally {
      writeLock.unlock();
    }
  }

  @Override
  public void discardInput() throws SerialException {
    Waiting.lock(name, readLock, Deadline.in(Duration.ofSeconds(1)), "discard input");
    try {
      // Not the system's flush, which would also drop what is still to be sent.
      int dropped = 0;
      int available = call(port::bytesAvailable, "read");
      while (available > 0 && dropped < DISCARD_MOST) {
        int size = Math.min(available, input.length);
        dropped += call(() -> port.readBytes(input, size), "read");
        available = call(port::bytesAvailable, "read");
      }
    } finally {
      readLock.unlock();
    }
  }

  /** One native call; negative results are failures of the line. */
  private int call(IntSupplier nativeCall, String what) throws SerialException {
    use.readLock().lock();
    try {
      if (closed) {
        throw Waiting.closed(name);
      }
      int result = nativeCall.getAsInt();
      if (result < 0) {
        throw lost(what);
      }
      return result;
    } finally {
      use.readLock().unlock();
    }
  }

  private SerialException lost(String what) {
    if (closed) {
      return Waiting.closed(name);
    }
    String why =
        Files.exists(device)
            ? "input/output error (system error " + port.getLastErrorCode() + ")"
            : "it was unplugged: " + device + " is gone";
    return new SerialException(
        Kind.LOST, name + ": the port was lost while it was open (" + what + "): " + why);
  }

  @Override
  public void close() {
    closed = true;
    boolean alone = lockAlone(READS_END_MS);
    if (!alone && writing) {
      // The system holds a write that flow control has stopped, for ever. Without flow control it
      // goes on; what is left of it is dropped by closing.
      port.setFlowControl(SerialPort.FLOW_CONTROL_DISABLED);
    }
    alone = alone || lockAlone(CLOSE_WAIT_MS);
    if (!alone) {
      LOG.warn("{}: a call to the system does not end; closing the port under it", name);
    }
    try {
      if (port.isOpen()) {
        port.closePort();
      }
    } finally {
      if (alone) {
        use.writeLock().unlock();
      }
    }
  }

  /** A read ends within its slice, and sees that the port is closed before the next. */
  private boolean lockAlone(long millis) {
    Deadline end = Deadline.in(Duration.ofMillis(millis));
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return use.writeLock().tryLock(Math.max(0, end.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          // Closing under a call is worse than being late by a slice.
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
