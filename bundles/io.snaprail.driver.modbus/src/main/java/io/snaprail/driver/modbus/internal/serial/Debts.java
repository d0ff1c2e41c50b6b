package io.snaprail.driver.modbus.internal.serial;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Answers that may still come. Nothing in an answer tells to which request it belongs, only its
 * unit and its function: as long as a unit owes an answer to a function, it must not be asked
 * another thing by that function. See {@link SerialExchanges} for what is done about it.
 *
 * <p>Used by one thread at a time. Times are those of {@link System#nanoTime()}.
 */
final class Debts {
  /**
   * An answer that has not come for so long after its wait has ended never comes: the device was
   * off, or has forgotten the request.
   */
  static final Duration FORGOTTEN = Duration.ofSeconds(10);

  /**
   * What one unit owes.
   *
   * @param function of the request
   * @param comesUntil until then the answer is to be expected, in whatever order the unit works
   * @param forgottenAt from then on it is not
   */
  private record Debt(int function, long comesUntil, long forgottenAt) {}

  private final Map<Integer, List<Debt>> debts = new HashMap<>();

  /**
   * A request was not answered, or not for certain.
   *
   * @param waited how long its answer was waited for: it is expected for as long again
   */
  void owe(int unit, int function, Duration waited, long now) {
    long comesUntil = now + waited.toNanos();
    debts
        .computeIfAbsent(unit, u -> new ArrayList<>())
        .add(new Debt(function, comesUntil, comesUntil + FORGOTTEN.toNanos()));
  }

  /** An answer has come that nobody waits for: whether it was owed, and is no more. */
  boolean paid(int unit, int function, long now) {
    List<Debt> own = of(unit, now);
    for (int i = 0; i < own.size(); i++) {
      if (own.get(i).function() == function) {
        own.remove(i);
        return true;
      }
    }
    return false;
  }

  /**
   * A unit has answered a request that could not be mistaken for another: it is done with what it
   * was asked before, unless it works in no order.
   */
  void inStep(int unit, long now) {
    of(unit, now).removeIf(debt -> debt.comesUntil() - now <= 0);
  }

  /** Whether an answer to this function may still come. */
  boolean owes(int unit, int function, long now) {
    return of(unit, now).stream().anyMatch(debt -> debt.function() == function);
  }

  /** How long an answer to this function is to be expected, in nanoseconds; 0 when it is not. */
  long expectedFor(int unit, int function, long now) {
    return of(unit, now).stream()
        .filter(debt -> debt.function() == function)
        .mapToLong(debt -> Math.max(0, debt.comesUntil() - now))
        .max()
        .orElse(0);
  }

  private List<Debt> of(int unit, long now) {
    List<Debt> own = debts.get(unit);
    if (own == null) {
      return new ArrayList<>();
    }
    for (Iterator<Debt> each = own.iterator(); each.hasNext(); ) {
      if (each.next().forgottenAt() - now <= 0) {
        each.remove();
      }
    }
    return own;
  }
}
