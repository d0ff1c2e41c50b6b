package io.snaprail.core.internal.poller;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProbeBudgetTest {
  private final ProbeBudget budget = new ProbeBudget(0);

  @Test
  void afterAFailureDevicesThatAreAwayWaitNineteenTimesAsLongAndOthersAsLong() {
    budget.spent(0, 100);

    assertThat(budget.untilProbe(100)).isEqualTo(1_900);
    assertThat(budget.untilFirst(100)).isEqualTo(100);
  }

  /** Such as a read that is refused before anything is sent. */
  @Test
  void aFailureThatTookNoTimeEndsNoWait() {
    budget.spent(0, 100);
    budget.spent(110, 110);

    assertThat(budget.untilProbe(110)).isEqualTo(1_890);
    assertThat(budget.untilFirst(110)).isEqualTo(90);
  }
}
