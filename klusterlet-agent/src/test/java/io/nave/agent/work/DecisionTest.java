package io.nave.agent.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.work.ManifestWork;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DecisionTest {
  private static final ApiObject PRESENT = Bench.object("{'metadata':{'name':'w'}}");
  private static final ApiObject DELETING =
      Bench.object(
          "{'metadata':{'name':'w','deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['%s']}}"
              .formatted(ManifestWork.FINALIZER));
  private static final ApiObject RELEASED =
      Bench.object(
          "{'metadata':{'name':'w','deletionTimestamp':'2026-01-01T00:00:00Z','finalizers':['x']}}");

  private static SavedWork saved(ApiObject work) {
    return new SavedWork(work, Map.of());
  }

  @Test
  void appliesWhatTheHubHas() {
    assertThat(Decision.decide(PRESENT, true, null)).isEqualTo(new Decision.Apply(PRESENT, true));
    assertThat(Decision.decide(PRESENT, true, saved(DELETING)))
        .isEqualTo(new Decision.Apply(PRESENT, true));
  }

  @Test
  void removesWhatTheHubDeletes() {
    assertThat(Decision.decide(DELETING, true, null))
        .isEqualTo(new Decision.Remove(DELETING, true));
    assertThat(Decision.decide(RELEASED, true, saved(PRESENT)))
        .isEqualTo(new Decision.Remove(RELEASED, true));
  }

  @Test
  void isDoneWithWhatOnlyOthersHold() {
    assertThat(Decision.decide(RELEASED, true, null)).isEqualTo(new Decision.Nothing());
  }

  @Test
  void goesOnFromDiskWhileTheHubIsSilent() {
    assertThat(Decision.decide(null, false, saved(PRESENT)))
        .isEqualTo(new Decision.Apply(PRESENT, false));
    assertThat(Decision.decide(null, false, null)).isEqualTo(new Decision.Nothing());
  }

  @Test
  void finishesADeletionItHasSeen() {
    assertThat(Decision.decide(null, false, saved(DELETING)))
        .isEqualTo(new Decision.Remove(DELETING, false));
    assertThat(Decision.decide(null, true, saved(DELETING)))
        .isEqualTo(new Decision.Remove(DELETING, false));
  }

  @Test
  void missesWhatNobodyWasSeenDeleting() {
    assertThat(Decision.decide(null, true, saved(PRESENT))).isEqualTo(new Decision.Missed(PRESENT));
    assertThat(Decision.decide(null, true, null)).isEqualTo(new Decision.Missed(null));
  }
}
