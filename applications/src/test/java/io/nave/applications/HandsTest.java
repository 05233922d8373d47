package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import java.time.Instant;
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
}
