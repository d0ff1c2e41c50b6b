package io.snaprail.serial.internal.lease;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.SerialConnection;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import io.snaprail.serial.internal.link.Link;
import io.snaprail.serial.internal.link.Waiting;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What a holder gets: a link that ends for good at its first loss. */
final class Connection implements SerialConnection {
  private final String port;
  private final Link link;
  private final Runnable whenEnded;
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile @Nullable SerialException loss;
  private volatile LineSettings line;

  /**
   * A connection over a link, which it owns.
   *
   * @param line with which it was opened
   * @param whenEnded called once, after the port is free
   */
  Connection(String port, Link link, LineSettings line, Runnable whenEnded) {
    this.port = port;
    this.line = line;
    this.link = link;
    this.whenEnded = whenEnded;
  }

  @Override
  public int read(byte[] buffer, int offset, int length, Deadline deadline) throws SerialException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    if (length == 0) {
      throw new IllegalArgumentException("length: expected 1 or more, found 0");
    }
    requireOpen();
    try {
      return link.read(buffer, offset, length, deadline);
    } catch (SerialException failure) {
      throw noted(failure);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length, Deadline deadline)
      throws SerialException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    requireOpen();
    try {
      link.write(bytes, offset, length, deadline);
    } catch (SerialException failure) {
      throw noted(failure);
    }
  }

  @Override
  public void drain(Deadline deadline) throws SerialException {
    requireOpen();
    try {
      link.drain(deadline);
    } catch (SerialException failure) {
      throw noted(failure);
    }
  }

  @Override
  public void setLine(LineSettings wanted, Deadline deadline) throws SerialException {
    requireOpen();
    if (wanted.equals(line)) {
      return;
    }
    try {
      link.setLine(wanted, deadline);
      line = wanted;
    } catch (SerialException failure) {
      // How the line is now nobody knows: a new connection sets it anew.
      noted(failure);
      close();
      throw failure;
    }
  }

  @Override
  public void discardInput() throws SerialException {
    requireOpen();
    try {
      link.discardInput();
    } catch (SerialException failure) {
      throw noted(failure);
    }
  }

  private void requireOpen() throws SerialException {
    if (ended.get()) {
      SerialException why = loss;
      throw why == null
          ? Waiting.closed(port)
          : new SerialException(Kind.LOST, String.valueOf(why.getMessage()), why);
    }
  }

  private SerialException noted(SerialException failure) {
    if (failure.kind() == Kind.LOST) {
      if (!ended.get()) {
        loss = failure;
      }
      close();
    }
    return failure;
  }

  @Override
  public boolean isOpen() {
    return !ended.get();
  }

  @Override
  public void close() {
    if (ended.compareAndSet(false, true)) {
      link.close();
      whenEnded.run();
    }
  }
}
