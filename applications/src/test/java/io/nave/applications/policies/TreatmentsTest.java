package io.nave.applications.policies;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.applications.policies.Treatments.Given;
import io.nave.applications.policies.Treatments.Removal;
import io.nave.work.ManifestWork.UpdateStrategy;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class TreatmentsTest {
  private static final JsonNode DEPLOYMENT =
      Yaml.parse(
          """
          apiVersion: apps/v1
          kind: Deployment
          metadata:
            name: web
            labels:
              app.oam.dev/component: web
              app.oam.dev/resourceType: WORKLOAD
              workload.oam.dev/type: webservice
          spec: {replicas: 1, template: {}}
          """);
  private static final JsonNode SERVICE =
      Yaml.parse(
          """
          apiVersion: v1
          kind: Service
          metadata:
            name: web-expose
            labels:
              app.oam.dev/component: web
              app.oam.dev/resourceType: TRAIT
              trait.oam.dev/type: expose
          spec: {}
          """);

  /// Each as `type: properties`.
  private static Treatments of(String... policies) {
    return Treatments.of(
        Arrays.stream(policies)
            .map(Yaml::parse)
            .map(policy -> policy.properties().iterator().next())
            .map(policy -> new Given(policy.getKey(), policy.getValue()))
            .toList());
  }

  private static String strategy(Treatments treatments, JsonNode manifest) {
    return treatments.strategy(manifest).map(UpdateStrategy::type).orElse("");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}                                                          | false | false",
        "{componentNames: [web]}                                     | true  | true",
        "{componentNames: [api]}                                     | false | false",
        "{componentTypes: [webservice]}                              | true  | false",
        "{oamTypes: [WORKLOAD]}                                      | true  | false",
        "{oamTypes: [COMPONENT]}                                     | true  | false",
        "{oamTypes: [TRAIT]}                                         | false | true",
        "{traitTypes: [expose]}                                      | false | true",
        "{resourceTypes: [Deployment, Job]}                          | true  | false",
        "{resourceNames: [web-expose]}                               | false | true",
        "{componentNames: [web], resourceTypes: [Service]}           | false | true",
        "{componentNames: [api], resourceTypes: [Service]}           | false | false",
      })
  void aSelectorHoldsWhenEveryGivenListDoes(String selector, boolean workload, boolean trait) {
    var treatments = of("{read-only: {rules: [{selector: %s}]}}".formatted(selector));
    assertThat(strategy(treatments, DEPLOYMENT)).isEqualTo(workload ? "ReadOnly" : "");
    assertThat(strategy(treatments, SERVICE)).isEqualTo(trait ? "ReadOnly" : "");
  }

  @Test
  void applyOnceWithoutRulesCreatesOnly() {
    assertThat(strategy(of("{apply-once: {enable: true}}"), DEPLOYMENT)).isEqualTo("CreateOnly");
    assertThat(strategy(of("{apply-once: {enable: false}}"), DEPLOYMENT)).isEmpty();
  }

  private static UpdateStrategy kept(String path, String affect) {
    return of("""
    apply-once:
      enable: true
      rules:
      - selector: {resourceTypes: [Deployment]}
        strategy: {path: [%s], affect: %s}
    """
            .formatted(path, affect))
        .strategy(DEPLOYMENT)
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"onUpdate, OnSpokePresent", "always, OnSpokePresent", "onStateKeep, OnSpokeChange"})
  void applyOnceLeavesFieldsToOthers(String affect, String condition) {
    var apply = kept("spec.replicas", affect).serverSideApply();
    assertThat(apply).isNotNull();
    assertThat(apply.force()).isTrue();
    assertThat(apply.ignoreFields()).hasSize(1);
    assertThat(apply.ignoreFields().getFirst().condition()).isEqualTo(condition);
    assertThat(apply.ignoreFields().getFirst().jsonPaths()).containsExactly("$.spec.replicas");
  }

  @Test
  void applyOnceLeavesWholeObjectsToOthers() {
    assertThat(kept("'*'", "always").type()).isEqualTo("CreateOnly");
    var apply = kept("'*'", "onStateKeep").serverSideApply();
    assertThat(apply).isNotNull();
    assertThat(apply.ignoreFields().getFirst().jsonPointers())
        .containsExactly("/spec", "/metadata/labels", "/metadata/annotations");
  }

  @Test
  void applyOnceSaysNothingOfWhatNoRuleSelects() {
    var treatments =
        of(
            "{apply-once: {enable: true, rules: [{selector: {resourceTypes: [Job]}, strategy:"
                + " {path: [spec]}}]}}");
    assertThat(treatments.strategy(DEPLOYMENT)).isEmpty();
  }

  @Test
  void aSharerOwnsAndDoesNotWrite() {
    var sharing = Treatments.sharing(SERVICE);
    assertThat(Treatments.writes(sharing)).isFalse();
    assertThat(Treatments.writes(null)).isTrue();
    assertThat(Treatments.writes(new UpdateStrategy("ReadOnly", null))).isFalse();
    assertThat(Treatments.writes(kept("spec.replicas", "always"))).isTrue();
    assertThat(Json.text(sharing)).contains("\"force\":false", "OnSpokePresent", "/spec");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{strategy: never}                           | NEVER",
        "{strategy: onAppDelete}                     | ON_DELETE",
        "{strategy: onAppUpdate}                     | ON_UPDATE",
        "{propagation: orphan}                       | NEVER",
        "{strategy: onAppUpdate, propagation: cascading} | ON_UPDATE",
      })
  void garbageCollectSaysWhenObjectsGo(String rule, Removal removal) {
    var policy = "{garbage-collect: {rules: [{selector: {resourceTypes: [Service]}, %s}]}}";
    var treatments = of(policy.formatted(rule.strip().substring(1, rule.strip().length() - 1)));
    assertThat(treatments.removal(SERVICE)).isEqualTo(removal);
    assertThat(treatments.removal(DEPLOYMENT)).isEqualTo(Removal.ON_UPDATE);
  }

  @Test
  void keepLegacyResourceKeepsWhatNoRuleSelects() {
    assertThat(of("{garbage-collect: {keepLegacyResource: true}}").removal(SERVICE))
        .isEqualTo(Removal.ON_DELETE);
  }

  @Test
  void policiesOfOneTypeActAsOne() {
    var treatments =
        of(
            "{garbage-collect: {applicationRevisionLimit: 3, rules: [{selector: {resourceTypes:"
                + " [Service]}, strategy: never}]}}",
            "{garbage-collect: {applicationRevisionLimit: 7, order: dependency, continueOnFailure:"
                + " true, rules: [{selector: {resourceTypes: [Service]}, strategy: onAppDelete}]}}");
    assertThat(treatments.removal(SERVICE)).as("the first rule counts").isEqualTo(Removal.NEVER);
    assertThat(treatments.revisionLimit()).isEqualTo(OptionalInt.of(3));
    assertThat(treatments.isOrdered()).isTrue();
    assertThat(treatments.isCollectedAfterFailure()).isTrue();
    assertThat(of().revisionLimit()).isEmpty();
  }

  @Test
  void readsSharesTakeOversAndFieldsThatMeanToRecreate() {
    var rules = "{rules: [{selector: {resourceTypes: [Deployment]}}]}";
    assertThat(of("{shared-resource: " + rules + "}").isShared(DEPLOYMENT)).isTrue();
    assertThat(of("{shared-resource: " + rules + "}").isShared(SERVICE)).isFalse();
    assertThat(of("{take-over: " + rules + "}").isTakenOver(DEPLOYMENT)).isTrue();
    var update =
        of(
            "{resource-update: {rules: [{selector: {resourceTypes: [Deployment]}, strategy:"
                + " {recreateFields: [spec.selector]}}]}}");
    assertThat(update.recreateFields(DEPLOYMENT)).containsExactly("spec.selector");
    assertThat(update.recreateFields(SERVICE)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{interval: 1m30s, timeout: 250ms} | 90000 | 250",
        "{probeInterval: 5, probeTimeout: 2} | 5000 | 2000",
        "{interval: 0.5h} | 1800000 | 10000",
        "{} | 30000 | 10000",
      })
  void readsTheTimesOfHealth(String properties, long interval, long timeout) {
    var times = of("{health: " + properties + "}").health().orElseThrow();
    assertThat(times.interval()).isEqualTo(Duration.ofMillis(interval));
    assertThat(times.timeout()).isEqualTo(Duration.ofMillis(timeout));
    assertThat(of().health()).isEmpty();
  }
}
