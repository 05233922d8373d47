package io.nave.workhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Yaml;
import io.nave.registration.api.ManagedCluster;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FilledTurnsTest {
  private static final Key SET = Key.of("default", "web");

  private final FilledTurns turns = new FilledTurns();
  private int filled;

  private static ManagedCluster cluster(String size, String claim) {
    var yaml =
        "{metadata: {name: a, labels: {size: '%s'}}, status: {clusterClaims: [{name: zone, value: '%s'}]}}"
            .formatted(size, claim);
    return Codec.decode(ApiObject.of(Yaml.parseAll(yaml).getFirst()), ManagedCluster.class);
  }

  private Turn turn(String version, ManagedCluster cluster) throws SetPlan.Unfit {
    return turns.of(SET, version, cluster, this::fill);
  }

  private List<JsonNode> fill(ManagedCluster cluster) {
    filled++;
    return List.of(
        Yaml.parse("{size: '" + cluster.metadata().labels().get("size") + "'}"),
        Yaml.parse("{second: part}"));
  }

  private static List<String> digests(Turn turn) {
    return turn.parts().stream().map(Turn.Part::digest).toList();
  }

  @Test
  void fillsOnceAsLongAsNothingItFollowsFromChanges() throws Exception {
    var first = turn("u 1", cluster("2", "x"));
    var again = turn("u 1", cluster("2", "x"));

    assertThat(filled).isEqualTo(1);
    assertThat(digests(again)).isEqualTo(digests(first)).hasSize(2);
  }

  @Test
  void makesTheSpecAgainOnlyWhenItIsWritten() throws Exception {
    turn("u 1", cluster("2", "x"));
    var again = turn("u 1", cluster("2", "x"));

    assertThat(again.parts().getFirst().spec().get()).isEqualTo(Yaml.parse("{size: '2'}"));
    assertThat(again.parts().getLast().spec().get()).isEqualTo(Yaml.parse("{second: part}"));
    assertThat(filled).isEqualTo(2);
  }

  @Test
  void fillsAnewForOtherLabelsClaimsAndGenerations() throws Exception {
    turn("u 1", cluster("2", "x"));
    turn("u 1", cluster("3", "x"));
    turn("u 1", cluster("3", "y"));
    turn("u 2", cluster("3", "y"));
    turns.forget(SET);
    turn("u 2", cluster("3", "y"));

    assertThat(filled).isEqualTo(5);
  }

  @Test
  void whatDoesNotFitIsNotRemembered() {
    FilledTurns.Filler never =
        _ -> {
          throw new SetPlan.Unfit("R", "m");
        };

    assertThatThrownBy(() -> turns.of(SET, "u 1", cluster("2", "x"), never))
        .isInstanceOf(SetPlan.Unfit.class);
    assertThatThrownBy(() -> turns.of(SET, "u 1", cluster("2", "x"), never))
        .isInstanceOf(SetPlan.Unfit.class);
  }
}
