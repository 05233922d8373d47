package io.nave.practice;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadModelTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant LATER = NOW.plus(WorkloadModel.START_TIME);

  @Test
  void aDeploymentBecomesAvailableAfterAMoment() {
    var first = WorkloadModel.deployment(deployment("nginx", 1), NOW);

    assertThat(first.status().path("readyReplicas").asInt()).isZero();
    assertThat(first.again()).contains(WorkloadModel.START_TIME);

    var second = WorkloadModel.deployment(with(deployment("nginx", 1), first), LATER);

    assertThat(second.status().path("readyReplicas").asInt()).isEqualTo(2);
    assertThat(second.status().path("updatedReplicas").asInt()).isEqualTo(2);
    assertThat(second.again()).isEqualTo(Optional.empty());
  }

  @Test
  void aSettledStatusStaysAsItIs() {
    var first = WorkloadModel.deployment(deployment("nginx", 1), NOW);
    var second = WorkloadModel.deployment(with(deployment("nginx", 1), first), LATER);
    var third =
        WorkloadModel.deployment(with(deployment("nginx", 1), second), LATER.plusSeconds(9));

    assertThat(third.status()).isEqualTo(second.status());
  }

  @Test
  void aNewGenerationRollsOutAgain() {
    var settled =
        with(
            deployment("nginx", 2),
            WorkloadModel.deployment(
                with(deployment("nginx", 1), WorkloadModel.deployment(deployment("nginx", 1), NOW)),
                LATER));

    var next = WorkloadModel.deployment(settled, LATER);

    assertThat(next.status().path("observedGeneration").asLong()).isEqualTo(2);
    assertThat(next.again()).contains(WorkloadModel.START_TIME);
  }

  @ParameterizedTest
  @CsvSource({
    "fail, true",
    "fail:1.0, true",
    "registry.example:5000/team/fail@sha256:00, true",
    "failover, false",
    "team/fail/web, false",
    "nginx:fail, false",
  })
  void anImageNamedFailNeverStarts(String image, boolean fails) {
    var first = WorkloadModel.deployment(deployment(image, 1), NOW);
    var later = WorkloadModel.deployment(with(deployment(image, 1), first), LATER);

    assertThat(later.status().path("readyReplicas").asInt() == 0).isEqualTo(fails);
  }

  @Test
  void aJobCompletesAndAFailingOneFails() {
    assertThat(finished("busybox").status().at("/conditions/0/type").asString())
        .isEqualTo("Complete");
    assertThat(finished("fail").status().at("/conditions/0/type").asString()).isEqualTo("Failed");
  }

  @Test
  void aJobThatIsOverStaysSo() {
    var over = finished("busybox");
    var again = WorkloadModel.job(with(deployment("busybox", 1), over), LATER.plusSeconds(60));
    assertThat(again).isEqualTo(over);
  }

  private static WorkloadModel.Next finished(String image) {
    var first = WorkloadModel.job(deployment(image, 1), NOW);
    return WorkloadModel.job(with(deployment(image, 1), first), LATER);
  }

  private static ApiObject with(ApiObject object, WorkloadModel.Next next) {
    return object.edit(tree -> tree.set("status", next.status()));
  }

  private static ApiObject deployment(String image, long generation) {
    return ApiObject.parse(
        ("""
        {"metadata":{"name":"web","generation":%d},
         "spec":{"replicas":2,"template":{"spec":{"containers":[{"image":"%s"}]}}}}
        """)
            .formatted(generation, image)
            .getBytes(StandardCharsets.UTF_8));
  }
}
