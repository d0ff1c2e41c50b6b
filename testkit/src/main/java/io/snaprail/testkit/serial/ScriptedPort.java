package io.snaprail.testkit.serial;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.api.serial.SerialLease;
import io.snaprail.api.serial.SerialPortInfo;
import io.snaprail.api.serial.SerialPorts;
import io.snaprail.api.serial.SerialSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A port service with one port, in memory, and a device behind it that does what the test says. For
 * the logic of a driver; how real ports behave the line simulator shows. Safe for any thread.
 */
public final class ScriptedPort implements SerialPorts {
  private final Peer peer;

  // All below is guarded by this.
  private final List<LineSettings> lines = new ArrayList<>();
  private byte[] coming = {};
  private @Nullable Lease lease;
  private int heard;
  private int reads;
  private boolean silent;
  private boolean gone;
  private boolean fixed;

  /** The device behind the port. */
  @FunctionalInterface
  public interface Peer {
    /**
     * Hears what was written at once.
     *
     * @param line with which it was sent
     * @return what it sends back; empty for nothing
     */
    byte[] answer(byte[] heard, LineSettings line);
  }

  /** With a device that answers. */
  public ScriptedPort(Peer peer) {
    this.peer = peer;
  }

  /** The device sends by itself; lost while nobody has the port open. */
  public synchronized void say(byte... bytes) {
    if (lease != null && lease.connection != null) {
      add(bytes);
    }
  }

  private void add(byte[] bytes) {
    int before = coming.length;
    coming = Arrays.copyOf(coming, before + bytes.length);
    System.arraycopy(bytes, 0, coming, before, bytes.length);
    notifyAll();
  }

  /** From now on the device hears and does not answer, or does again. */
  public synchronized void silent(boolean on) {
    silent = on;
  }

  /** From now on the port is not there, or is again; a connection is lost. */
  public synchronized void gone(boolean on) {
    gone = on;
    if (on && lease != null) {
      lease.connection = null;
    }
    notifyAll();
  }

  /** The port's server has the settings of the line, as with {@code tcp://}. */
  public synchronized void fixedLine() {
    fixed = true;
  }

  /** How often something was written while the device was there. */
  public synchronized int heard() {
    return heard;
  }

  /** How often a driver has begun to read. */
  public synchronized int reads() {
    return reads;
  }

  /** Whether somebody has the port open. */
  public synchronized boolean open() {
    return lease != null && lease.connection != null;
  }

  /** Every setting of the line, in order. */
  public synchronized List<LineSettings> lines() {
    return List.copyOf(lines);
  }

  @Override
  public synchronized SerialLease lease(SerialSettings settings, String holder)
      throws SerialException {
    if (lease != null) {
      throw new SerialException(Kind.IN_USE, settings.address() + " is in use by " + lease.holder);
    }
    lease = new Lease(settings, holder);
    return lease;
  }

  @Override
  public List<SerialPortInfo> ports() {
    return List.of();
  }

  private final class Lease implements SerialLease {
    private final SerialSettings settings;
    private final String holder;
    private @Nullable Connection connection;

    Lease(SerialSettings settings, String holder) {
      this.settings = settings;
      this.holder = holder;
    }

    @Override
    public SerialSettings settings() {
      return settings;
    }

    @Override
    public String holder() {
      return holder;
    }

    @Override
    public SerialConnection open(Deadline deadline) throws SerialException {
      synchronized (ScriptedPort.this) {
        if (!equals(lease)) {
          throw new SerialException(Kind.CLOSED, settings.address() + ": the lease was closed");
        }
        if (gone) {
          throw new SerialException(Kind.NOT_FOUND, settings.address() + ": there is no such port");
        }
        Connection present = connection;
        if (present == null) {
          coming = new byte[0];
          present = new Connection(this, settings.line());
          connection = present;
          lines.add(settings.line());
        }
        return present;
      }
    }

    @Override
    public void close() {
      synchronized (ScriptedPort.this) {
        connection = null;
        if (equals(lease)) {
          lease = null;
        }
        ScriptedPort.this.notifyAll();
      }
    }
  }

  private final class Connection implements SerialConnection {
    private final Lease of;
    private LineSettings line;

    Connection(Lease of, LineSettings line) {
      this.of = of;
      this.line = line;
    }

    private void requireOpen() throws SerialException {
      if (!isOpen()) {
        throw gone
            ? new SerialException(Kind.LOST, of.settings.address() + ": the port was lost")
            : new SerialException(Kind.CLOSED, of.settings.address() + ": was closed");
      }
    }

    @Override
    public int read(byte[] buffer, int offset, int length, Deadline deadline)
        throws SerialException {
      synchronized (ScriptedPort.this) {
        requireOpen();
        reads++;
        while (coming.length == 0 && !deadline.expired()) {
          try {
            TimeUnit.NANOSECONDS.timedWait(
                ScriptedPort.this, Math.max(1, deadline.remainingNanos()));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SerialException(Kind.CLOSED, "interrupted", e);
          }
          requireOpen();
        }
        int count = Math.min(length, coming.length);
        System.arraycopy(coming, 0, buffer, offset, count);
        coming = Arrays.copyOfRange(coming, count, coming.length);
        return count;
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length, Deadline deadline)
        throws SerialException {
      synchronized (ScriptedPort.this) {
        requireOpen();
        heard++;
        if (!silent) {
          add(peer.answer(Arrays.copyOfRange(bytes, offset, offset + length), line));
        }
      }
    }

    @Override
    public void drain(Deadline deadline) throws SerialException {
      synchronized (ScriptedPort.this) {
        requireOpen();
      }
    }

    @Override
    public void setLine(LineSettings wanted, Deadline deadline) throws SerialException {
      synchronized (ScriptedPort.this) {
        requireOpen();
        if (wanted.equals(line)) {
          return;
        }
        if (fixed) {
          close();
          throw new SerialException(
              Kind.SETTINGS, of.settings.address() + ": the line cannot be changed to " + wanted);
        }
        line = wanted;
        lines.add(wanted);
      }
    }

    @Override
    public void discardInput() throws SerialException {
      synchronized (ScriptedPort.this) {
        requireOpen();
        coming = new byte[0];
      }
    }

    @Override
    public boolean isOpen() {
      synchronized (ScriptedPort.this) {
        return equals(of.connection);
      }
    }

    @Override
    public void close() {
      synchronized (ScriptedPort.this) {
        if (isOpen()) {
          of.connection = null;
        }
        ScriptedPort.this.notifyAll();
      }
    }
  }
}
