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
import io.nave.applications.api.ComponentDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// - Goal: at the hub's own door an approval is stamped with who is authenticated and then carried
///   out; what no step type knows is refused there; a new application is guarded, and a published
///   one is held against what it runs with.
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

  @Test
  void aNewApplicationIsGuardedUnlessItIsPaused() {
    var made =
        hub.admin().create(APPLICATION, application("guarded", "{name: ask, type: suspend}"));
    assertThat(made.finalizers()).containsExactly("app.oam.dev/resource-tracker-finalizer");
    var paused =
        application("paused", "{name: ask, type: suspend}")
            .editMeta(
                meta -> meta.putObject("labels").put("controller.core.oam.dev/pause", "true"));
    assertThat(hub.admin().create(APPLICATION, paused).finalizers()).isEmpty();
    hub.admin().delete(APPLICATION, Key.of("default", "guarded"), null);
    hub.await(() -> hub.admin().find(APPLICATION, Key.of("default", "guarded")).isEmpty());
  }

  /// - Goal: a published application is judged by the definitions it runs with; by those of today
  ///   when it is published anew.
  @Test
  void aPublishedApplicationIsHeldAgainstWhatItRunsWith() {
    var type = ResourceType.of(ComponentDefinition.class);
    hub.create(type, definition("text"));
    var key = Key.of("default", "published");
    hub.create(
        APPLICATION,
        """
        {metadata: {namespace: default, name: published,
          annotations: {app.oam.dev/publishVersion: a}},
          spec: {components: [{name: note, type: memo, properties: {text: x}}],
            workflow: {steps: [{name: ask, type: suspend}]}}}
        """);
    hub.await(() -> hub.admin().get(APPLICATION, key).status().has("latestRevision"));
    merge(type, Key.of("default", "memo"), spec("title"));

    merge(APPLICATION, key, components("other"));
    var error =
        catchThrowableOfType(
            ApiError.class,
            () ->
                merge(
                    APPLICATION,
                    key,
                    "{metadata: {annotations: {app.oam.dev/publishVersion: b}}}"));

    assertThat(
            hub.admin().get(APPLICATION, key).at("/spec/components/0/properties/text").asString())
        .isEqualTo("other");
    assertThat(error).hasMessageContaining("spec.components[0].properties.title: Required value");
  }

  private static String definition(String parameter) {
    return "{metadata: {namespace: default, name: memo}, " + spec(parameter).substring(1);
  }

  private static String spec(String parameter) {
    return """
    {spec: {workload: {definition: {apiVersion: v1, kind: ConfigMap}},
      schematic: {nave: {parameter: {required: [%s], properties: {%s: {type: string}}},
        output: {apiVersion: v1, kind: ConfigMap, data: {text: "${parameter.%s}"}}}}}}
    """
        .formatted(parameter, parameter, parameter);
  }

  private static String components(String text) {
    return "{spec: {components: [{name: note, type: memo, properties: {text: %s}}]}}"
        .formatted(text);
  }

  private static void merge(ResourceType type, Key key, String patch) {
    hub.admin().patch(type, key, "", new Patch(Patch.Form.MERGE, Yaml.parse(patch)));
  }
}
