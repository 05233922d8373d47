package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// - Goal: at the hub's own door an approval is stamped with who is authenticated and then carried
///   out; what no step type knows is refused there.
/// - Method: a whole hub but for its socket.
class ApprovalIT {
  private static final ResourceType APPLICATION = ResourceType.of(Application.class);
  private static final Key WAIT = Key.of("default", "wait");

  private static WholeHub hub;

  @BeforeAll
  static void start() {
    hub = WholeHub.start("tester");
  }

  @AfterAll
  static void stop() {
    hub.close();
  }

  private static ApiObject application(String name, String step) {
    return ApiObject.of(
        Yaml.parseAll(
                "{metadata: {namespace: default, name: %s}, spec: {components: [], workflow: {steps: [%s]}}}"
                    .formatted(name, step))
            .getFirst());
  }

  private static String phase() {
    return hub.admin().get(APPLICATION, WAIT).at("/status/status").asString("");
  }

  @Test
  void anApprovalIsTheActOfWhoeverIsAuthenticated() {
    hub.admin().create(APPLICATION, application("wait", "{name: ask, type: suspend}"));
    hub.await(() -> phase().equals("workflowSuspending"));
    hub.admin()
        .patch(
            APPLICATION,
            WAIT,
            "",
            new Patch(
                Patch.Form.MERGE,
                Yaml.parse(
                    "{metadata: {annotations: {nave.io/workflow: 'approve ask: fine',"
                        + " nave.io/workflow-by: '2026-01-01T00:00:00Z mallory'}}}")));
    hub.await(() -> phase().equals("running"));
    var approval = hub.admin().get(APPLICATION, WAIT).at("/status/workflow/steps/0/approval");
    assertThat(approval.path("by").asString()).contains("tester").doesNotContain("mallory");
    assertThat(approval.path("why").asString()).isEqualTo("fine");
    assertThat(hub.admin().get(APPLICATION, WAIT).annotations()).isEmpty();
  }

  @Test
  void refusesAStepTypeItDoesNotHave() {
    var error =
        catchThrowableOfType(
            ApiError.class,
            () -> hub.admin().create(APPLICATION, application("bad", "{name: b, type: vela-cli}")));
    assertThat(error.reason()).isEqualTo(ApiError.Reason.INVALID);
    assertThat(error)
        .hasMessageContaining("spec.workflow.steps[0].type")
        .hasMessageContaining("workflow step type \"vela-cli\" runs a Job beside the hub");
  }
}
