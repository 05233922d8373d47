package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The annotation `app.oam.dev/restart-workflow` (spec §11.12): `true`, a time, or a duration after
/// each end; it never interrupts a run.
class RestartTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final FakeHub hub = new FakeHub(Samples.webOn("east"), Samples.fleet("east"));

  private FakeHub done() {
    return hub.settle().report();
  }

  private Instant started() {
    var run = hub.application.status().workflow();
    assertThat(run).isNotNull();
    assertThat(run.startTime()).isNotNull();
    return run.startTime();
  }

  private ApplicationReconciler.Change pass() {
    return ApplicationReconciler.decide(
        hub.application, List.copyOf(hub.works.values()), hub.scene());
  }

  @Test
  void restartsAtOnceWhatHasEnded() {
    done().annotate(Hands.RESTART, "true").after(HOUR);
    assertThat(started()).isEqualTo(hub.now);
    assertThat(hub.application.metadata().annotations()).doesNotContainKey(Hands.RESTART);
  }

  @Test
  void waitsForTheEndOfTheRunAndThenLooksAgain() {
    hub.settle().annotate(Hands.RESTART, "true").after(HOUR);
    assertThat(started()).isEqualTo(Samples.NOW);
    hub.now = hub.now.plus(HOUR);
    assertThat(pass().nothing(hub.application.status()))
        .as("nothing to write while it waits")
        .isTrue();
    assertThat(pass().again()).as("the end of the run wakes it").isNull();
    hub.report("east", FakeAgent::rolledOut, _ -> null);
    assertThat(pass().again()).as("a look at once").isEqualTo(hub.now);
    hub.settle();
    assertThat(started()).isEqualTo(hub.now);
    assertThat(hub.application.metadata().annotations()).doesNotContainKey(Hands.RESTART);
  }

  @Test
  void restartsAtATime() {
    var at = Samples.NOW.plus(HOUR);
    done().annotate(Hands.RESTART, at.toString()).settle();
    assertThat(hub.application.status().workflowRestartScheduledAt()).isEqualTo(at);
    assertThat(hub.last.again()).isEqualTo(at);
    hub.after(HOUR);
    assertThat(started()).isEqualTo(at);
    assertThat(hub.application.metadata().annotations()).doesNotContainKey(Hands.RESTART);
    assertThat(hub.application.status().workflowRestartScheduledAt()).isNull();
  }

  @Test
  void doesNotLookAgainAndAgainForATimeThatHasCome() {
    hub.settle().annotate(Hands.RESTART, Samples.NOW.plusSeconds(1).toString()).after(HOUR);
    assertThat(started()).isEqualTo(Samples.NOW);
    assertThat(hub.last.again()).isNull();
    hub.report();
    assertThat(started()).isEqualTo(hub.now);
  }

  @Test
  void restartsATimeAfterEachEnd() {
    hub.settle().annotate(Hands.RESTART, "1h").settle();
    hub.report("east", FakeAgent::rolledOut, _ -> null);
    assertThat(pass().again()).as("to plan the next one").isEqualTo(hub.now);
    for (var round = 1; round <= 2; round++) {
      hub.settle();
      var next = Samples.NOW.plus(HOUR.multipliedBy(round));
      assertThat(hub.last.again()).isEqualTo(next);
      assertThat(hub.application.status().workflowRestartScheduledAt()).isEqualTo(next);
      hub.after(HOUR);
      assertThat(started()).isEqualTo(next);
      assertThat(hub.application.metadata().annotations()).containsEntry(Hands.RESTART, "1h");
    }
  }
}
