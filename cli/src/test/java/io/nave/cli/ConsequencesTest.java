package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsequencesTest {
  @Test
  void tellsDecisionsAndWorksOfEachPlacement() {
    var answer =
        """
        {"cluster":"c1","decisions":[{"placement":"apps/web","added":["c3"],"removed":["c1"],"replicas":{"c2":2,"c3":1},
        "reason":"AllDecisionsScheduled","message":"All cluster decisions scheduled",
        "worksCreated":["c3/app-apps.shop"],"worksChanged":[],"worksDeleted":["c1/app-apps.shop"]}]}
        """;

    assertThat(Consequences.lines(Json.parseObject(answer.getBytes(StandardCharsets.UTF_8))))
        .containsExactly(
            "The decisions of one Placement would change.",
            "",
            "Placement apps/web",
            "  gains          c3",
            "  loses          c1",
            "  replicas       c2 2, c3 1",
            "  works created  c3/app-apps.shop",
            "  works deleted  c1/app-apps.shop",
            "  then           AllDecisionsScheduled: All cluster decisions scheduled");
  }

  @Test
  void saysWhenNothingWouldChange() {
    var answer = "{\"placement\":\"apps/web\",\"decisions\":[]}";

    assertThat(Consequences.lines(Json.parseObject(answer.getBytes(StandardCharsets.UTF_8))))
        .containsExactly("No decision would change of Placement apps/web.");
  }

  @Test
  void changesAreWrittenAsTheApiReadsThem() {
    var question = new WhatIfCommand.Hypothesis();
    question.label("a", "region=eu");
    question.label("a", "zone-");
    question.taint("b", "gone=yes:NoSelect");
    question.taint("b", "gone:NoSelectIfNew");
    question.drain("c");

    assertThat(question.object().json().path("changes").toString())
        .isEqualTo(
            "[{\"label\":{\"cluster\":\"a\",\"labels\":{\"region\":\"eu\"}}},"
                + "{\"label\":{\"cluster\":\"a\",\"labels\":{\"zone\":null}}},"
                + "{\"taint\":{\"cluster\":\"b\",\"key\":\"gone\",\"effect\":\"NoSelect\",\"value\":\"yes\"}},"
                + "{\"taint\":{\"cluster\":\"b\",\"key\":\"gone\",\"effect\":\"NoSelectIfNew\"}},"
                + "{\"drain\":\"c\"}]");
  }

  @Test
  void changesThatCannotBeReadAreRefused() {
    var question = new WhatIfCommand.Hypothesis();
    assertThatThrownBy(() -> question.label("a", "region"))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("expected KEY=VALUE or KEY-");
    assertThatThrownBy(() -> question.taint("a", "gone"))
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("expected KEY[=VALUE]:EFFECT");
    assertThatThrownBy(question::object)
        .isInstanceOf(CommandFault.class)
        .hasMessageContaining("at least one change");
  }
}
