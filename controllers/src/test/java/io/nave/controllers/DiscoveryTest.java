package io.nave.controllers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.runtime.Transport.Unreachable;
import io.nave.runtime.sim.SimWorld;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DiscoveryTest {
  private static final String APPS =
      """
      {"kind":"APIResourceList","groupVersion":"apps/v1","resources":[
        {"name":"deployments","namespaced":true,"kind":"Deployment","shortNames":["deploy"],
         "categories":["all"],"verbs":["get"]},
        {"name":"deployments/status","namespaced":true,"kind":"Deployment","verbs":["get"]},
        {"name":"deployments/scale","namespaced":true,"kind":"Scale","verbs":["get"]},
        {"name":"controllerrevisions","namespaced":true,"kind":"ControllerRevision"}]}
      """;
  private static final String CORE =
      """
      {"resources":[{"name":"namespaces","namespaced":false,"kind":"Namespace"}]}
      """;

  private final SimWorld world = new SimWorld(1);
  private final ScriptedTransport wire = new ScriptedTransport();
  private final Discovery discovery = new Discovery(world.host("agent"), wire);

  @Test
  void findsKindsOfGroups() {
    wire.answer(200, APPS);
    var type = discovery.find("apps/v1", "Deployment").orElseThrow();
    assertThat(wire.last()).hasToString("GET /apis/apps/v1");
    assertThat(type.plural()).isEqualTo("deployments");
    assertThat(type.apiVersion()).isEqualTo("apps/v1");
    assertThat(type.namespaced()).isTrue();
    assertThat(type.statusSubresource()).isTrue();
    assertThat(type.shortNames()).containsExactly("deploy");
    assertThat(type.categories()).containsExactly("all");
    assertThat(discovery.find("apps/v1", "ControllerRevision").orElseThrow().statusSubresource())
        .isFalse();
    assertThat(wire.requests).hasSize(1);
  }

  @Test
  void findsKindsOfTheCoreGroup() {
    wire.answer(200, CORE);
    assertThat(discovery.find("v1", "Namespace").orElseThrow().path(""))
        .isEqualTo("/api/v1/namespaces");
    assertThat(wire.last()).hasToString("GET /api/v1");
  }

  @Test
  void subresourcesAreNoKinds() {
    wire.answer(200, APPS);
    assertThat(discovery.find("apps/v1", "Scale")).isEmpty();
  }

  @Test
  void asksAgainForWhatIsMissingButNotAtOnce() {
    wire.answer(404, "{}").answer(200, APPS);
    assertThat(discovery.find("apps/v1", "Deployment")).isEmpty();
    assertThat(discovery.find("apps/v1", "Deployment")).isEmpty();
    assertThat(wire.requests).hasSize(1);
    world.run(Discovery.MISS_AGE_MAX);
    assertThat(discovery.find("apps/v1", "Deployment")).isPresent();
  }

  @Test
  void asksAgainAfterSomeMinutes() {
    wire.answer(200, APPS).answer(404, "{}");
    assertThat(discovery.find("apps/v1", "Deployment")).isPresent();
    world.run(Duration.ofMinutes(10));
    assertThat(discovery.find("apps/v1", "Deployment")).isEmpty();
  }

  @Test
  void noAnswerIsNotTheSameAsNoSuchKind() {
    wire.unreachable("down").answer(503, "{}").answer(200, APPS);
    assertThatThrownBy(() -> discovery.find("apps/v1", "Deployment"))
        .isInstanceOf(Unreachable.class);
    assertThatThrownBy(() -> discovery.find("apps/v1", "Deployment")).isInstanceOf(ApiError.class);
    assertThat(discovery.find("apps/v1", "Deployment")).isPresent();
  }

  @Test
  void sendsNothingForWhatCannotBeAGroup() {
    assertThat(discovery.find("../../x", "Y")).isEmpty();
    assertThat(discovery.find("../x", "Y")).isEmpty();
    assertThat(discovery.find("a/b/c", "Y")).isEmpty();
    assertThat(discovery.find("", "Y")).isEmpty();
    assertThat(discovery.find("a?b/v1", "Y")).isEmpty();
    assertThat(wire.requests).isEmpty();
  }

  @Test
  void readsTheServersVersion() {
    wire.answer(200, "{\"major\":\"1\",\"gitVersion\":\"v1.36.0\"}").answer(200, "{}");
    assertThat(discovery.serverVersion()).isEqualTo("v1.36.0");
    assertThat(wire.last()).hasToString("GET /version");
    assertThat(discovery.serverVersion()).isEmpty();
  }

  @Test
  void aServerThatIsNotWellTellsNoVersion() {
    wire.answer(200, "ok").answer(200, "{\"gitVersion\":\"v1.36.0\"}");
    assertThat(discovery.aliveVersion()).isEqualTo("v1.36.0");
    assertThat(wire.requests.getFirst()).hasToString("GET /livez");

    wire.answer(500, "[-]etcd failed: reason withheld");
    assertThatThrownBy(discovery::aliveVersion)
        .isInstanceOfSatisfying(ApiError.class, e -> assertThat(e.code()).isEqualTo(500));
  }

  @Test
  void olderServersAndNarrowRightsAreAskedOtherwise() {
    wire.answer(404, "").answer(200, "ok").answer(200, "{\"gitVersion\":\"v1.15.0\"}");
    assertThat(discovery.aliveVersion()).isEqualTo("v1.15.0");
    wire.answer(403, "{}").answer(403, "{}").answer(200, "{\"gitVersion\":\"v1.36.0\"}");
    assertThat(discovery.aliveVersion()).isEqualTo("v1.36.0");
    wire.answer(403, "{}").answer(500, "not well");
    assertThatThrownBy(discovery::aliveVersion).isInstanceOf(ApiError.class);
  }
}
