package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.Mbap;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The requests under way on one connection, by transaction identifier, and what is still to come of
 * those that were given up. Guarded by the lock of the connection.
 */
final class Transactions {
  private static final int IDENTIFIERS = 65_535;

  /**
   * From one identifier to the next. It has no divisor in common with their number, so all of them
   * have their turn; and any two of 64 in a row lie 1008 apart or more. So a device that answers
   * with an identifier beside the right one does not hit another request, whose answer it would
   * pass for.
   */
  private static final int STEP = 22_181;

  /** Sent and not answered. */
  private final Map<Integer, Pending> underWay = new HashMap<>();

  private final LateAnswers late = new LateAnswers();
  private int last;

  /** Whether a request got no answer in time, and nothing has come since then. */
  private boolean silent;

  private long silentSince;

  int size() {
    return underWay.size();
  }

  boolean isEmpty() {
    return underWay.isEmpty();
  }

  /** Whether so many answers are still to come that it is time for a new connection. */
  boolean crowded() {
    return late.many();
  }

  Collection<Pending> all() {
    return underWay.values();
  }

  /** A request is sent now: its identifier, 1..65535. */
  int begin(Pending pending) {
    do {
      last = (last + STEP) % IDENTIFIERS;
    } while (underWay.containsKey(last + 1) || late.expects(last + 1));
    underWay.put(last + 1, pending);
    return last + 1;
  }

  /**
   * The header of an answer.
   *
   * @throws WrongAnswerException when it belongs to nothing that was asked
   */
  void check(int found, int unit) throws WrongAnswerException {
    Pending pending = underWay.get(found);
    if (pending != null) {
      Mbap.checkUnit(pending.unit, unit);
    } else if (!late.expects(found)) {
      throw Mbap.foreign();
    }
  }

  /**
   * What follows an answer at once.
   *
   * @param next with which identifier it begins
   * @return whether another answer is awaited
   * @throws WrongAnswerException when one is, and that belongs to nothing that was asked
   */
  boolean behind(int found, int next) throws WrongAnswerException {
    boolean awaited = others(found) || late.any();
    if (awaited && next != found && !expects(found, next)) {
      throw new WrongAnswerException("an answer with bytes behind it that begin no other answer");
    }
    return awaited;
  }

  /** Whether requests but this one are under way. */
  boolean others(int found) {
    return underWay.size() > (underWay.containsKey(found) ? 1 : 0);
  }

  /** Whether an answer of another transaction may come. */
  boolean expects(int found, int other) {
    return other != found && (underWay.containsKey(other) || late.expects(other));
  }

  /** Something has come: the request that it answers; null when that was given up. */
  @Nullable Pending came(int found) {
    silent = false;
    Pending pending = underWay.get(found);
    if (pending == null) {
      // Given up long ago; or a gateway gave up on a unit, and passes its answer on yet.
      late.came(found);
    }
    return pending;
  }

  /** A request has its answer. */
  void answered(int found, byte[] pdu, long now) {
    underWay.remove(found);
    int exception = AnswerCheck.exceptionCode(pdu);
    if (exception != 0 && !ExceptionCode.isFinal(exception)) {
      late.expect(found, now);
    }
  }

  /** Takes those that are not waited for any longer. Their answers are dropped when they come. */
  List<Pending> giveUp(Predicate<Pending> which, long now) {
    List<Pending> taken = new ArrayList<>();
    for (Map.Entry<Integer, Pending> each : List.copyOf(underWay.entrySet())) {
      if (which.test(each.getValue())) {
        underWay.remove(each.getKey());
        late.expect(each.getKey(), now);
        taken.add(each.getValue());
      }
    }
    return taken;
  }

  /**
   * Some got no answer in time.
   *
   * @return whether one of them was sent after another had got none, and nothing has come since:
   *     then the connection may be half open
   */
  boolean unanswered(List<Pending> those, long now) {
    if (silent) {
      return those.stream().anyMatch(each -> each.sent - silentSince >= 0);
    }
    silent = true;
    silentSince = now;
    return false;
  }

  /** Takes all: the connection has ended, and nothing can come any more. */
  List<Pending> end() {
    List<Pending> left = List.copyOf(underWay.values());
    underWay.clear();
    restart();
    return left;
  }

  /** Begins on a new connection, with nothing under way. */
  void restart() {
    late.clear();
    silent = false;
  }
}
