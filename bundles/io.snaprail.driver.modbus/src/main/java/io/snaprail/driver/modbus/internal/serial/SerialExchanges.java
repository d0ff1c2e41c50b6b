package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ChecksumException;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.Framing;
import io.snaprail.driver.modbus.internal.transport.InputBuffer;
import io.snaprail.driver.modbus.internal.transport.LineCost;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Requests and answers on a line on which nothing tells to which request an answer belongs.
 *
 * <p>An answer is taken for that of a request when it comes after the request has left the line,
 * with its unit, its function and its length, and with a right checksum. What can still go wrong is
 * a late answer to an earlier request of the same unit and function. So, after a request that was
 * not answered for certain:
 *
 * <ol>
 *   <li>The unit is not asked by the same function until the answer has come, or until as long
 *       again has passed as it was waited for. Other units are asked meanwhile: an answer that
 *       comes then is known by its unit, and dropped.
 *   <li>Then the unit is first asked something by another function. A unit that does one thing
 *       after another has nothing more to say to the earlier request when it answers, or refuses,
 *       the later one.
 * </ol>
 *
 * <p>What remains: a unit that answers nothing but one function, or works in no order, and answers
 * later than {@link Debts#FORGOTTEN}, or later than twice the time-out. A unit that answers a
 * request twice, the second time after the next request of the same function and length has left
 * the line: nothing can tell that, and it is believed. And damage that the checksum does not show:
 * of RTU one in 65,536 frames with four wrong bits or more; of ASCII, whose checksum is a sum, far
 * more, where the line has no parity.
 *
 * <p>Used by one thread at a time. Outlives the connections of the port.
 */
final class SerialExchanges {
  static final int BROADCAST = 0;

  /** An answer is expected at least so long after it was given up. */
  private static final Duration SHORTEST_DEBT = Duration.ofMillis(100);

  private static final double TURNAROUND_WEIGHT = 1.0 / 8;

  /** Requests in a row whose only answer came before they had left the line. */
  private static final int UNPACED_AFTER = 2;

  private final Framing framing;
  private final LineTiming timing;
  private final Debts debts = new Debts();
  private final Map<Integer, Double> turnarounds = new HashMap<>();

  /** Characters of a read without its data, and of one register. */
  private final int overhead;

  private final int register;

  private final LatencyWatch latency = new LatencyWatch();
  private int probes;
  private boolean sent;

  /** Whether bytes take the time that the baud rate says; not so behind a network. */
  private boolean paced;

  private int early;

  /**
   * Nothing was asked yet.
   *
   * @param paced whether the port is one of this machine
   */
  SerialExchanges(Framing framing, LineTiming timing, boolean paced) {
    this.framing = framing;
    this.timing = timing;
    this.paced = paced;
    overhead = framing.frame(1, new byte[5]).length + framing.frame(1, new byte[2]).length;
    register = framing.frame(1, new byte[4]).length - framing.frame(1, new byte[2]).length;
  }

  /** Whether the adapter keeps bytes back; empty as long as that is not certain. */
  LatencyWatch latency() {
    return latency;
  }

  /** Whether the last request may have reached its unit. */
  boolean sent() {
    return sent;
  }

  /**
   * What a read costs: the frames of a request and of an answer without data, two silences, and how
   * long the unit takes; and the characters of one register. Safe for any thread.
   */
  synchronized LineCost cost(int unit) {
    double turnaround = turnarounds.getOrDefault(unit, Double.NaN);
    return new LineCost(
        timing.of(overhead) + 2.0 * timing.silenceNanos() + turnaround, timing.of(register));
  }

  /**
   * Sends a request once and waits for its answer.
   *
   * @throws UnsentException when it was not sent
   */
  byte[] exchange(SerialLine line, int unit, PduRequest request, Deadline deadline)
      throws IOException {
    sent = false;
    keepInStep(line, unit, request.pdu()[0], deadline);
    return ask(line, unit, request, deadline);
  }

  /**
   * Sends a request to all units at once. None answers.
   *
   * @param turnaround how long the units may take to do it, during which nothing else is sent
   */
  void broadcast(SerialLine line, PduRequest request, Duration turnaround, Deadline deadline)
      throws IOException {
    sent = false;
    byte[] frame = framing.frame(BROADCAST, request.pdu());
    long end = line.send(frame, deadline, this::stray);
    sent = true;
    line.keepFree(end + turnaround.toNanos());
    Pacing.until(end);
  }

  private void keepInStep(SerialLine line, int unit, int function, Deadline deadline)
      throws IOException {
    long expected = debts.expectedFor(unit, function, System.nanoTime());
    while (expected > 0) {
      if (expected > deadline.remainingNanos() / 4) {
        throw new UnsentException(
            "it did not answer an earlier request, and its answer may still come; the bus is left"
                + " to others until then");
      }
      line.listen(System.nanoTime() + expected, this::stray);
      expected = debts.expectedFor(unit, function, System.nanoTime());
    }
    if (debts.owes(unit, function, System.nanoTime())) {
      probe(line, unit, function, deadline);
    }
  }

  private void probe(SerialLine line, int unit, int function, Deadline deadline)
      throws IOException {
    probes++;
    // By turns, as there are units that leave one of them unanswered.
    boolean echo = probes % 2 == 1 && function != Probe.DIAGNOSTICS;
    try {
      ask(line, unit, echo ? Probe.echo(probes) : Probe.read(function), deadline);
    } catch (SocketTimeoutException e) {
      throw new SilentUnitException(e);
    } finally {
      sent = false;
    }
    debts.inStep(unit, System.nanoTime());
  }

  private byte[] ask(SerialLine line, int unit, PduRequest request, Deadline deadline)
      throws IOException {
    int function = request.pdu()[0];
    if (paced && deadline.remainingNanos() > LatencyWatch.STEP_NANOS * 8) {
      Pacing.until(System.nanoTime() + latency.pauseNanos());
    }
    long end = line.send(framing.frame(unit, request.pdu()), deadline, this::stray);
    sent = true;
    // Also what comes in time and is wrong is no sign that the unit is done: it has as long again.
    Duration wait = Duration.ofNanos(Math.max(0, deadline.remainingNanos()));
    boolean certain = false;
    try {
      byte[] answer = await(line, unit, request, end, deadline);
      int exception = AnswerCheck.exceptionCode(answer);
      certain = exception == 0 || ExceptionCode.isFinal(exception);
      if (!certain && !ExceptionCode.unitAway(exception)) {
        // The unit itself said so: it is hardly a gateway that has given up on another.
        wait = Duration.ZERO;
      }
      debts.inStep(unit, System.nanoTime());
      return answer;
    } catch (WrongAnswerException e) {
      // Its answer, but damaged or broken off: none is to come. A whole one that is not to the
      // point answers an earlier request: that to this one is still to come.
      boolean spoilt = e instanceof ChecksumException || e instanceof BrokenOffException;
      certain = spoilt && framing.begins(line.frame(), unit, function);
      throw e;
    } finally {
      if (!certain) {
        line.doubtEcho();
        Duration owed = wait.compareTo(SHORTEST_DEBT) < 0 ? SHORTEST_DEBT : wait;
        debts.owe(unit, function, owed, System.nanoTime());
      }
    }
  }

  private byte[] await(
      SerialLine line, int unit, PduRequest request, long requestEnd, Deadline deadline)
      throws IOException {
    boolean tooEarly = false;
    while (true) {
      line.beginFrame();
      try {
        InputBuffer input = new InputBuffer(line, 2 * framing.longest());
        byte[] answer = framing.answer(input, unit, request, deadline);
        if (!paced || line.firstByteAt() - requestEnd >= 0) {
          early = 0;
          learn(unit, line.firstByteAt() - requestEnd);
          latency.answered(
              line.firstByteAt() - requestEnd - timing.characterNanos() - timing.silenceNanos(),
              line.firstByteAt(),
              line.lastByteAt());
          return answer;
        }
        // Nobody answers what he has not heard to its end.
        tooEarly = true;
      } catch (WrongAnswerException e) {
        line.settle(deadline);
        byte[] behind = behindLateOnes(unit, request, line.frame());
        if (behind == null) {
          throw e;
        }
        if (behind.length > 0) {
          return behind;
        }
      } catch (SocketTimeoutException e) {
        if (tooEarly && ++early >= UNPACED_AFTER) {
          // No line at all, but a terminal that leads to a program or a network.
          paced = false;
        }
        throw e;
      }
    }
  }

  /** Frames that nobody waits for: some may have been owed. */
  private void stray(byte[] bytes) {
    for (byte[] frame : framing.frames(bytes)) {
      paid(frame);
    }
  }

  private boolean paid(byte[] frame) {
    return debts.paid(frame[0] & 0xff, frame[1] & 0x7f, System.nanoTime());
  }

  /**
   * What came while an answer was awaited and did not begin with it: answers of other units, late
   * ones that were owed, and perhaps the answer behind them.
   *
   * @return the answer; empty when it may still come; null when there is anything else
   */
  private byte @Nullable [] behindLateOnes(int unit, PduRequest request, byte[] bytes)
      throws WrongAnswerException {
    List<byte[]> frames = framing.frames(bytes);
    for (int i = 0; i < frames.size(); i++) {
      byte[] frame = frames.get(i);
      // The time for an answer runs on when another unit answers (V1.02, section 2.4.1).
      if (!paid(frame) && (frame[0] & 0xff) == unit) {
        boolean last = i > 0 && i == frames.size() - 1;
        boolean fits = (frame[1] & 0x7f) == request.pdu()[0];
        return last && fits
            ? AnswerCheck.checked(request, Arrays.copyOfRange(frame, 1, frame.length))
            : null;
      }
    }
    return frames.isEmpty() ? null : new byte[0];
  }

  private synchronized void learn(int unit, long silence) {
    double turnaround = Math.max(0, silence - timing.characterNanos() - timing.silenceNanos());
    turnarounds.merge(
        unit, turnaround, (before, now) -> before + TURNAROUND_WEIGHT * (now - before));
  }
}
