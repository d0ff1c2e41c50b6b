package io.snaprail.core.internal.poller;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many workers are held for one purpose. Who finds none left is told when one is given
 * back, in the order of asking. Safe for any thread.
 */
final class Permits {
  private final int most;
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private int taken;

  Permits(int most) {
    this.most = most;
  }

  /** Whether there is one; else {@code retry} is run when there may be. */
  synchronized boolean available(Runnable retry) {
    if (taken < most) {
      waiting.remove(retry);
      return true;
    }
    waiting.add(retry);
    return false;
  }

  /** Takes one if there is one; else {@code retry} is run when there may be. */
  synchronized boolean tryTake(Runnable retry) {
    if (!available(retry)) {
      return false;
    }
    taken++;
    return true;
  }

  /** Gives one back. Runs the retry of whoever waits longest: hold no lock. */
  void giveBack() {
    Runnable next = released();
    if (next != null) {
      next.run();
    }
  }

  private synchronized @Nullable Runnable released() {
    taken--;
    Iterator<Runnable> first = waiting.iterator();
    if (!first.hasNext()) {
      return null;
    }
    Runnable next = first.next();
    first.remove();
    return next;
  }
}
