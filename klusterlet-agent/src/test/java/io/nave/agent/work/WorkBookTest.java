package io.nave.agent.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.runtime.sim.SimWorld;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkBookTest {
  private static ApiObject work(long generation, String applied, long observed) {
    return Bench.object(
        ("{'apiVersion':'work.open-cluster-management.io/v1','kind':'ManifestWork',"
                + "'metadata':{'name':'w','namespace':'east','uid':'u','generation':%d},"
                + "'spec':{'workload':{'manifests':[]}},'status':{'conditions':[{'type':'Applied',"
                + "'status':'%s','reason':'R','message':'','observedGeneration':%d,"
                + "'lastTransitionTime':'2026-01-01T00:00:00Z'}]}}")
            .formatted(generation, applied, observed));
  }

  /// What is settled can wait at a start; what changed meanwhile, or never worked, cannot.
  @ParameterizedTest
  @CsvSource({
    "2, True,  2, 2, true,  true",
    "2, True,  2, 3, true,  false", // changed on the hub
    "2, True,  1, 2, false, false", // never applied as it is now
    "2, False, 2, 2, false, false",
  })
  void settledIsWhatWasAppliedInTheStateThatIsWanted(
      long kept, String applied, long observed, long onHub, boolean settled, boolean stillSettled) {
    try (var world = new SimWorld(1)) {
      var host = world.host("agent");
      WorkBook.open(host, Path.of("/works"))
          .put("w", new SavedWork(work(kept, applied, observed), Map.of()));

      var book = WorkBook.open(host, Path.of("/works"));
      assertThat(book.isSettled("w")).isEqualTo(settled);
      assertThat(book.isSettled(work(onHub, "Unknown", 0))).isEqualTo(stillSettled);
      assertThat(book.isSettled("other")).isFalse();
    }
  }
}
