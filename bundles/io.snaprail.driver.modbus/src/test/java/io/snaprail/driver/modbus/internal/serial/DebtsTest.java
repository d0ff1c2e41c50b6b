package io.snaprail.driver.modbus.internal.serial;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DebtsTest {
  private static final Duration WAITED = Duration.ofSeconds(1);
  private static final long S = 1_000_000_000L;

  private final Debts debts = new Debts();

  @Test
  void anAnswerIsExpectedForAsLongAgainAsItWasWaitedFor() {
    debts.owe(5, 3, WAITED, 0);
    assertThat(debts.expectedFor(5, 3, S / 4)).isEqualTo(3 * S / 4);
    assertThat(debts.expectedFor(5, 3, S)).isZero();
    assertThat(debts.owes(5, 3, S)).isTrue();
    assertThat(debts.owes(5, 3, 12 * S)).as("forgotten in the end").isFalse();
  }

  @Test
  void onlyTheUnitAndTheFunctionAreConcerned() {
    debts.owe(5, 3, WAITED, 0);
    assertThat(debts.owes(5, 4, 0)).isFalse();
    assertThat(debts.owes(6, 3, 0)).isFalse();
    assertThat(debts.paid(6, 3, 0)).isFalse();
    assertThat(debts.paid(5, 4, 0)).isFalse();
    assertThat(debts.owes(5, 3, 0)).isTrue();
  }

  @Test
  void aLateAnswerPaysOneDebt() {
    debts.owe(5, 3, WAITED, 0);
    debts.owe(5, 3, WAITED, S / 2);
    assertThat(debts.paid(5, 3, S)).isTrue();
    assertThat(debts.owes(5, 3, S)).isTrue();
    assertThat(debts.paid(5, 3, S)).isTrue();
    assertThat(debts.owes(5, 3, S)).isFalse();
    assertThat(debts.paid(5, 3, S)).isFalse();
  }

  /** A unit that works in no order may still answer within that time. */
  @Test
  void aLaterAnswerSettlesOnlyWhatIsNoLongerExpected() {
    debts.owe(5, 3, WAITED, 0);
    debts.inStep(5, S / 2);
    assertThat(debts.owes(5, 3, S / 2)).isTrue();
    debts.inStep(5, S);
    assertThat(debts.owes(5, 3, S)).isFalse();
  }
}
