package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.driver.modbus.internal.nio.IoLoop;

/** A timer for the earliest of several points in time. Guarded by the lock of its connection. */
final class Alarm {
  private final IoLoop loop;
  private final IoLoop.Timer timer;
  private boolean set;
  private long at;

  /** Not set yet. */
  Alarm(IoLoop loop, Runnable task) {
    this.loop = loop;
    this.timer = new IoLoop.Timer(task);
  }

  /** Rings at a reading of {@link System#nanoTime()}, if it would not ring earlier. */
  void noLaterThan(long due) {
    if (!set || due - at < 0) {
      set = true;
      at = due;
      loop.set(timer, due);
    }
  }

  /** It rings now, and is not set any more. */
  void rings() {
    set = false;
  }

  void cancel() {
    loop.cancel(timer);
    set = false;
  }
}
