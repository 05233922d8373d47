package io.nave.agent.work;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepairBudgetTest {
  private static int takeAll(RepairBudget budget, long now) {
    int taken = 0;
    while (budget.take(now)) {
      taken++;
    }
    return taken;
  }

  @Test
  void allowsABurstAndThenOneEachInterval() {
    var budget = new RepairBudget(100);
    assertThat(takeAll(budget, 100)).isEqualTo(RepairBudget.BURST);
    assertThat(takeAll(budget, 99 + RepairBudget.REFILL_NANOS)).isZero();
    assertThat(takeAll(budget, 100 + RepairBudget.REFILL_NANOS)).isEqualTo(1);
    assertThat(takeAll(budget, 100 + 3 * RepairBudget.REFILL_NANOS)).isEqualTo(2);
    assertThat(takeAll(budget, 100 + 1000 * RepairBudget.REFILL_NANOS))
        .isEqualTo(RepairBudget.BURST);
  }
}
