package io.nave.work;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Codec;
import io.nave.work.ManifestOptions.UpdateStrategy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestOptionsTest {
  private static final List<ManifestWork.FeedbackRule> RULES =
      List.of(new ManifestWork.FeedbackRule("WellKnownStatus", List.of()));

  private static ManifestWork.ManifestConfig config(
      String name, List<ManifestWork.FeedbackRule> rules, String strategy) {
    return new ManifestWork.ManifestConfig(
        new ManifestWork.ResourceIdentifier("apps", "deployments", "shop", name),
        rules,
        null,
        strategy == null
            ? null
            : Codec.decode(Objects.json(strategy), ManifestWork.UpdateStrategy.class),
        List.of());
  }

  private static ManifestOptions of(ManifestWork.ManifestConfig... configs) {
    return ManifestOptions.of(List.of(configs), "apps", "deployments", "shop", "web");
  }

  @Test
  void updatesUnlessToldOtherwise() {
    assertThat(of())
        .isEqualTo(new ManifestOptions(new UpdateStrategy.Update(), List.of(), List.of()));
  }

  @Test
  void theFirstThatSaysSomethingDecidesEachField() {
    var options =
        of(
            config("other", List.of(), "{'type':'ReadOnly'}"),
            config("web", List.of(), "{'type':'CreateOnly'}"),
            config("*", RULES, "{'type':'ReadOnly'}"));
    assertThat(options.strategy()).isEqualTo(new UpdateStrategy.CreateOnly());
    assertThat(options.feedbackRules()).isEqualTo(RULES);
  }

  @Test
  void readsServerSideApply() {
    assertThat(of(config("web", List.of(), "{'type':'ServerSideApply'}")).strategy())
        .isEqualTo(new UpdateStrategy.ServerSideApply("work-agent", false, List.of()));
    assertThat(
            of(config(
                    "web",
                    List.of(),
                    "{'type':'ServerSideApply','serverSideApply':{'force':true,"
                        + "'fieldManager':'work-agent-x','ignoreFields':[{'condition':'OnSpokeChange'}]}}"))
                .strategy())
        .isEqualTo(
            new UpdateStrategy.ServerSideApply(
                "work-agent-x",
                true,
                List.of(
                    new ManifestWork.IgnoreField(
                        "OnSpokeChange", List.of(), List.of(), List.of()))));
  }

  @ParameterizedTest
  @CsvSource({
    "web,web,true",
    "web,webs,false",
    "*,web,true",
    "w*b,web,true",
    "w*b,wb,true",
    "w*b,webx,false",
    "*-a-*,x-a-a-y,true",
    "*-a,x-a-b,false",
    "'',web,false",
    "**,'',true"
  })
  void starsStandForAnyCharacters(String pattern, String name, boolean matches) {
    var selector = new ManifestOptions.Selector("g", "r", "*", pattern);
    assertThat(selector.matches("g", "r", "any", name)).isEqualTo(matches);
    assertThat(selector.matches("other", "r", "any", name)).isFalse();
  }
}
