package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.workflow.Plan;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HandsTest {
  private static final ResourceType TYPE = ResourceType.of(Application.class);
  private static final Instant NOW = Instant.parse("2026-11-26T07:00:00Z");

  private static ApiObject application(String annotations) {
    return ApiObject.of(
        Yaml.parseAll(
                "metadata: {name: web, namespace: shop, annotations: %s}".formatted(annotations))
            .getFirst());
  }

  private static ApiObject stamped(
      @Nullable ApiObject old, ApiObject next, String user, boolean mayApprove) {
    return Hands.stamped(TYPE, old, next, user, () -> mayApprove, NOW);
  }

  @Test
  void whoApprovesIsWhoIsAuthenticatedWhateverIsWritten() {
    var next =
        application("{nave.io/workflow: 'approve prod: ok', nave.io/workflow-by: '2026 mallory'}");
    assertThat(stamped(application("{}"), next, "alice", true).annotations())
        .containsEntry(Hands.BY, NOW + " alice")
        .containsEntry(Hands.ASKED, "approve prod: ok");
  }

  @Test
  void refusesAnApprovalByWhomeverLacksTheRight() {
    for (var verb : new String[] {"approve", "resume prod"}) {
      var next = application("{nave.io/workflow: '%s'}".formatted(verb));
      var error =
          catchThrowableOfType(
              ApiError.class, () -> stamped(application("{}"), next, "mallory", false));
      assertThat(error.reason()).isEqualTo(ApiError.Reason.FORBIDDEN);
      assertThat(error).hasMessageContaining("user mallory may not let a workflow go on");
      assertThat(catchThrowableOfType(ApiError.class, () -> stamped(null, next, "mallory", false)))
          .as("also on an application that is new")
          .isNotNull();
    }
  }

  @Test
  void whatIsStampedAlreadyIsLeftToWhoeverWritesNext() {
    var stored =
        application(
            "{nave.io/workflow: approve, nave.io/workflow-by: '2026-01-01T00:00:00Z alice'}");
    assertThat(stamped(stored, stored, "bob", false)).isEqualTo(stored);
  }

  @Test
  void nobodyTakesOverTheStampOfAnother() {
    var stored =
        application(
            "{nave.io/workflow: approve dev, nave.io/workflow-by: '2026-01-01T00:00:00Z alice'}");
    var changed =
        application(
            "{nave.io/workflow: approve prod, nave.io/workflow-by: '2026-01-01T00:00:00Z alice'}");
    assertThat(catchThrowableOfType(ApiError.class, () -> stamped(stored, changed, "bob", false)))
        .isNotNull();
    assertThat(stamped(stored, changed, "carol", true).annotations())
        .containsEntry(Hands.BY, NOW + " carol");
  }

  @Test
  void whoMayWriteMaySuspendTerminateAndRestart() {
    for (var verb : new String[] {"suspend", "terminate: no", "restart dev"}) {
      var next = application("{nave.io/workflow: '%s'}".formatted(verb));
      assertThat(stamped(application("{}"), next, "dev", false).annotations())
          .containsEntry(Hands.BY, NOW + " dev");
    }
  }

  @Test
  void saysWhatWasExpected() {
    var next = application("{nave.io/workflow: 'please go on'}");
    var error = catchThrowableOfType(ApiError.class, () -> stamped(null, next, "dev", true));
    assertThat(error.reason()).isEqualTo(ApiError.Reason.INVALID);
    assertThat(error)
        .hasMessageContaining("metadata.annotations[nave.io/workflow]")
        .hasMessageContaining("approve, resume, suspend, terminate, restart");
  }

  @Test
  void takesOffAStampThatStandsAlone() {
    var next = application("{nave.io/workflow-by: '2026 mallory'}");
    assertThat(stamped(null, next, "mallory", false).annotations()).doesNotContainKey(Hands.BY);
  }

  /// What is told of a text when `dev` has succeeded, `prod` waits and `last` has not begun.
  private static @Nullable String idle(String text, boolean finished) {
    var application =
        Codec.decode(
            Yaml.parse(
                """
                metadata: {name: shop, annotations: {nave.io/workflow: '%s',
                  nave.io/workflow-by: '2026-01-01T00:00:00Z alice'}}
                spec: {components: [], workflow: {steps: [
                  {name: dev, type: deploy}, {name: prod, type: deploy}, {name: last, type: deploy}]}}
                status: {workflow: {finished: %s, steps: [
                  {name: dev, phase: succeeded, firstExecuteTime: '2026-01-01T00:00:00Z'},
                  {name: prod, phase: suspending, firstExecuteTime: '2026-01-01T00:00:00Z'}]}}
                """
                    .formatted(text, finished)),
            Application.class);
    var plan = Plan.of(application.spec().workflow().steps());
    return Hands.apply(application.metadata(), plan, application.status().workflow(), NOW).idle();
  }

  @Test
  void whatChangesNothingIsToldWithTheReason() {
    assertThat(idle("approve prd: ok", false))
        .isEqualTo(
            "\"approve prd: ok\" changed nothing: there is no step \"prd\"; there are dev, prod,"
                + " last");
    assertThat(idle("approve dev", false)).endsWith("step \"dev\" is succeeded");
    assertThat(idle("suspend last", false)).endsWith("step \"last\" has not begun");
    assertThat(idle("restart dev", false)).endsWith("step \"dev\" is succeeded");
    assertThat(idle("approve", true)).endsWith("the workflow has ended");
  }

  @Test
  void whatChangesSomethingIsNotTold() {
    for (var text : List.of("approve", "approve prod", "suspend", "terminate: no", "restart")) {
      assertThat(idle(text, false)).as(text).isNull();
    }
  }
}
