package io.snaprail.driver.modbus.internal.serial;

/**
 * Finds out, by when answers come, whether the adapter keeps received bytes back for 16 ms, as
 * FTDI's do by default: its timer starts anew with each packet, so that whatever it delivers comes
 * a multiple of 16 ms after the packet before.
 *
 * <p>A slow unit answers late too, and when it is asked right after its last answer it does so in
 * steady steps. So, once answers are late, the next requests are sent after pauses of 0 to 16 ms,
 * in no step with anything: the answers of a slow unit then follow the requests, those through such
 * an adapter keep to its steps. That costs some 300 ms, and again after every 200 late answers.
 *
 * <p>Used by one thread at a time. Times are those of {@link System#nanoTime()}.
 */
final class LatencyWatch {
  /** FTDI's default. */
  static final long STEP_NANOS = 16_000_000;

  /** Requests that are sent at odd times. */
  static final int TRIES = 32;

  /** Answers of which most must have been late before anything is tried. */
  private static final int LOOKED_AT = 16;

  private static final int LATE_OF_THESE = 12;
  private static final long LATE_NANOS = 2_000_000;

  /** How far from a step an answer may come, as the system's timers are not exact either. */
  private static final long TOLERANCE_NANOS = 1_000_000;

  /** Four would fall there by chance, and so many once in ten million times. */
  private static final int IN_STEP_OF_TRIES = 16;

  /** After so many answers it is tried again: the machine may have been too busy to tell. */
  private static final int ANSWERS_BETWEEN = 200;

  /** The golden section: its multiples are spread evenly and repeat nothing. */
  private static final double SPREAD = 0.618_033_988_75;

  private enum State {
    LOOKING,
    TRYING,
    SURE
  }

  private State state = State.LOOKING;
  private int seen;
  private int late;
  private int inStep;
  private int answers;
  private long lastPacketAt;
  private boolean keepsBack;
  private boolean news;

  /** The port was opened: it may be another adapter, or set otherwise. */
  void restart() {
    state = State.LOOKING;
    seen = 0;
    late = 0;
  }

  /** How long to wait before the next request, in nanoseconds; mostly 0. */
  long pauseNanos() {
    return state == State.TRYING ? (long) (STEP_NANOS * (seen * SPREAD % 1)) : 0;
  }

  /** Whether something has been found out since this was last asked. */
  boolean news() {
    boolean told = news;
    news = false;
    return told;
  }

  /** Whether the adapter keeps bytes back, as found out last. */
  boolean keepsBack() {
    return keepsBack;
  }

  /**
   * An answer has come.
   *
   * @param waited from when the unit might have begun to answer to when its first byte came
   * @param firstAt when its first bytes came
   * @param lastAt when its last bytes came
   */
  void answered(long waited, long firstAt, long lastAt) {
    if (state != State.TRYING) {
      look(waited);
    } else {
      long off = Math.floorMod(firstAt - lastPacketAt, STEP_NANOS);
      if (Math.min(off, STEP_NANOS - off) <= TOLERANCE_NANOS) {
        inStep++;
      }
      seen++;
      if (seen == TRIES) {
        state = State.SURE;
        seen = 0;
        late = 0;
        answers = 0;
        keepsBack = inStep >= IN_STEP_OF_TRIES;
        news = true;
      }
    }
    lastPacketAt = lastAt;
  }

  private void look(long waited) {
    if (state == State.SURE && !keepsBack && ++answers >= ANSWERS_BETWEEN) {
      restart();
    }
    seen++;
    if (waited > LATE_NANOS) {
      late++;
    }
    if (seen == LOOKED_AT) {
      if (state == State.LOOKING && late >= LATE_OF_THESE) {
        state = State.TRYING;
        inStep = 0;
      } else if (keepsBack && late <= LOOKED_AT - LATE_OF_THESE) {
        // Somebody has heeded the advice.
        keepsBack = false;
        news = true;
      }
      seen = 0;
      late = 0;
    }
  }
}
