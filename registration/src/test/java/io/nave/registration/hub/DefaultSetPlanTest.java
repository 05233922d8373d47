package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.controllers.ApiClient.Write;
import io.nave.registration.TestHub;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Plans of [DefaultSetReconciler].
final class DefaultSetPlanTest {
  private static final String EXCLUSIVE = "{'selectorType':'ExclusiveClusterSetLabel'}";
  private static final String EVERYTHING = "{'selectorType':'LabelSelector','labelSelector':{}}";

  private static ApiObject set(String name, String annotations, String selector) {
    return TestHub.object(
        "{'metadata':{'name':'%s','uid':'u','resourceVersion':'5','annotations':{%s}},'spec':{'clusterSelector':%s}}"
            .formatted(name, annotations, selector));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"default | " + EXCLUSIVE, "global | " + EVERYTHING})
  void aSetThatIsNotThereIsMade(String name, String selector) {
    var writes = DefaultSetReconciler.plan(Key.of(name), null);
    assertThat(writes).singleElement().isInstanceOf(Write.Create.class);
    var made = ((Write.Create) writes.getFirst()).object();
    assertThat(made.name()).isEqualTo(name);
    assertThat(made.spec().path("clusterSelector"))
        .isEqualTo(Json.parse(selector.replace('\'', '"')));
  }

  @Test
  void aSelectorThatWasChangedIsPutBack() {
    var writes = DefaultSetReconciler.plan(Key.of("default"), set("default", "", EVERYTHING));
    var patch = ((Write.Change) writes.getFirst()).patch().body();
    assertThat(patch.at("/spec/clusterSelector/selectorType").asString(""))
        .isEqualTo("ExclusiveClusterSetLabel");
    assertThat(patch.at("/spec/clusterSelector/labelSelector").isNull()).isTrue();
    assertThat(patch.at("/metadata/resourceVersion").asString("")).isEqualTo("5");
  }

  @Test
  void whatIsAsItShouldBeOrMeantToDifferIsLeftAlone() {
    assertThat(DefaultSetReconciler.plan(Key.of("global"), set("global", "", EVERYTHING)))
        .isEmpty();
    var own = set("default", "'cluster.open-cluster-management.io/autoupdate':'false'", EVERYTHING);
    assertThat(DefaultSetReconciler.plan(Key.of("default"), own)).isEmpty();
  }
}
