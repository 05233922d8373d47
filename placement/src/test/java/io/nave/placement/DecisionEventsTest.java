package io.nave.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Meta;
import io.nave.api.Yaml;
import io.nave.controllers.ApiClient.Write;
import io.nave.placement.PlacementReconciler.Change;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class DecisionEventsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00.123456Z");
  private static final Placement PLACEMENT =
      Codec.decode(
          ApiObject.of(
              (ObjectNode) Yaml.parse("{metadata: {namespace: apps, name: web, uid: u1}}")),
          Placement.class);

  @Test
  void tellsInUpstreamsWords() {
    var change =
        change(
            List.of(decision("web-decision-1")),
            List.of(decision("web-decision-2")),
            List.of(decision("web-decision-3")),
            "");

    assertThat(DecisionEvents.of(PLACEMENT, change, "a:200 b:100 ", NOW))
        .extracting(DecisionEventsTest::text)
        .containsExactly(
            "Normal DecisionCreate DecisionCreated: Decision web-decision-1 is created with placement web in namespace apps",
            "Normal DecisionUpdate DecisionUpdated: Decision web-decision-2 is updated with placement web in namespace apps",
            "Normal DecisionDelete DecisionDeleted: Decision web-decision-3 is deleted with placement web in namespace apps",
            "Normal ScoreUpdate ScoreUpdated: a:200 b:100 ");
  }

  @Test
  void warnsOfExpiredScores() {
    var change =
        change(
            List.of(),
            List.of(decision("web-decision-1")),
            List.of(),
            "AddOnPlacementScores a/load expired");

    assertThat(DecisionEvents.of(PLACEMENT, change, "", NOW))
        .extracting(DecisionEventsTest::text)
        .containsExactly(
            "Warning DecisionUpdate DecisionUpdated: Decision web-decision-1 is updated with placement web in namespace apps: AddOnPlacementScores a/load expired in plugin AddOn");
  }

  @Test
  void areAboutThePlacementAndItsDecision() {
    var change = change(List.of(decision("web-decision-1")), List.of(), List.of(), "");

    var event = event(DecisionEvents.of(PLACEMENT, change, "", NOW).getFirst());

    assertThat(event.namespace()).isEqualTo("apps");
    assertThat(event.at("/regarding/kind").asString("")).isEqualTo("Placement");
    assertThat(event.at("/regarding/uid").asString("")).isEqualTo("u1");
    assertThat(event.at("/related/name").asString("")).isEqualTo("web-decision-1");
    assertThat(event.at("/reportingController").asString("")).isEqualTo("placement-controller");
    assertThat(event.at("/eventTime").asString("")).isEqualTo("2026-11-22T12:00:00.123456Z");
  }

  private static Change change(
      List<PlacementDecision> create,
      List<PlacementDecision> update,
      List<PlacementDecision> delete,
      String warning) {
    return new Change(create, update, delete, List.of(), PLACEMENT.status(), null, warning);
  }

  private static PlacementDecision decision(String name) {
    return new PlacementDecision(Meta.named("apps", name), null);
  }

  private static ApiObject event(Write write) {
    return ((Write.Create) write).object();
  }

  private static String text(Write write) {
    var event = event(write);
    return "%s %s %s: %s"
        .formatted(
            event.at("/type").asString(""),
            event.at("/reason").asString(""),
            event.at("/action").asString(""),
            event.at("/note").asString(""));
  }
}
