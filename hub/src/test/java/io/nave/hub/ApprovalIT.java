package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.certs.Authority;
import io.nave.controllers.ApiClient;
import io.nave.runtime.RealHost;
import io.nave.store.MemoryEngine;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// - Goal: at the hub's own door an approval is stamped with who is authenticated and then carried
///   out; what no step type knows is refused there.
/// - Method: a whole hub but for its socket.
class ApprovalIT {
  private static final ResourceType APPLICATION = ResourceType.of(Application.class);
  private static final Key WAIT = Key.of("default", "wait");

  private static RealHost host;
  private static HubCore hub;
  private static ApiClient admin;

  @BeforeAll
  static void start() {
    host = RealHost.start("hub");
    hub =
        HubCore.start(
            host,
            new MemoryEngine(),
            Authority.create(host, "test", Duration.ofDays(1)),
            HubConfig.GIT_VERSION,
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    admin = hub.client("tester");
  }

  @AfterAll
  static void stop() {
    hub.close();
    host.close();
  }

  private static ApiObject application(String name, String step) {
    return ApiObject.of(
        Yaml.parseAll(
                "{metadata: {namespace: default, name: %s}, spec: {components: [], workflow: {steps: [%s]}}}"
                    .formatted(name, step))
            .getFirst());
  }

  private static String phase() {
    return admin.get(APPLICATION, WAIT).at("/status/status").asString("");
  }

  private static void await(String phase) {
    for (var i = 0; i < 1000 && !phase().equals(phase); i++) {
      host.sleep(Duration.ofMillis(10));
    }
    assertThat(phase()).isEqualTo(phase);
  }

  @Test
  void anApprovalIsTheActOfWhoeverIsAuthenticated() {
    admin.create(APPLICATION, application("wait", "{name: ask, type: suspend}"));
    await("workflowSuspending");
    admin.patch(
        APPLICATION,
        WAIT,
        "",
        new Patch(
            Patch.Form.MERGE,
            Yaml.parse(
                "{metadata: {annotations: {nave.io/workflow: 'approve ask: fine',"
                    + " nave.io/workflow-by: '2026-01-01T00:00:00Z mallory'}}}")));
    await("running");
    var approval = admin.get(APPLICATION, WAIT).at("/status/workflow/steps/0/approval");
    assertThat(approval.path("by").asString()).contains("tester").doesNotContain("mallory");
    assertThat(approval.path("why").asString()).isEqualTo("fine");
    assertThat(admin.get(APPLICATION, WAIT).annotations()).isEmpty();
  }

  @Test
  void refusesAStepTypeItDoesNotHave() {
    var error =
        catchThrowableOfType(
            ApiError.class,
            () -> admin.create(APPLICATION, application("bad", "{name: b, type: vela-cli}")));
    assertThat(error.reason()).isEqualTo(ApiError.Reason.INVALID);
    assertThat(error)
        .hasMessageContaining("spec.workflow.steps[0].type")
        .hasMessageContaining("workflow step type \"vela-cli\" is not supported by this version");
  }
}
