package io.snaprail.driver.serial.internal.line;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One device's place on a line. */
public final class LineUse implements AutoCloseable {
  private final SerialLines lines;
  private final SerialLine line;
  private final LineSpec spec;
  private final @Nullable Listener listener;
  private final AtomicBoolean left = new AtomicBoolean();

  LineUse(SerialLines lines, SerialLine line, LineSpec spec, @Nullable Listener listener) {
    this.lines = lines;
    this.line = line;
    this.spec = spec;
    this.listener = listener;
  }

  /** The line, which others may use too. */
  public SerialLine line() {
    return line;
  }

  LineSpec spec() {
    return spec;
  }

  @Nullable Listener listener() {
    return listener;
  }

  boolean left() {
    return left.get();
  }

  /** Leaves the line, and ends what this device does on it. */
  @Override
  public void close() {
    if (left.compareAndSet(false, true)) {
      lines.leave(this);
    }
  }
}
