package io.nave.registration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Selection;
import io.nave.apiserver.Caller;
import io.nave.apiserver.server.InMemoryApi;
import io.nave.controllers.ApiClient;
import io.nave.registration.TestHub;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.sim.SimWorld;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Namespaces that sets want in a cluster, made there by its agent (spec §3.7).
final class SetNamespacesTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String HUB = "https://hub.example:6443";

  private final SimWorld world = new SimWorld(1);
  private final InMemoryApi api =
      InMemoryApi.open(world.host("cluster"), List.of(), List.of(), List.of("default"));
  private final ApiClient cluster = api.administrator();

  @AfterEach
  void close() {
    api.close();
    world.close();
  }

  private static ManagedCluster wanting(String... names) {
    var wanted =
        List.of(names).stream()
            .map("{'clusterSet':'prod','name':'%s'}"::formatted)
            .collect(Collectors.joining(","));
    return Codec.decode(
        TestHub.object(
            "{'metadata':{'name':'east'},'status':{'managedNamespaces':[%s]}}".formatted(wanted)),
        ManagedCluster.class);
  }

  private String marks() {
    return cluster.list(HubKinds.NAMESPACE, "", Selection.all()).items().stream()
        .filter(each -> each.labels().keySet().stream().anyMatch(SetNamespacesTest::isMark))
        .map(each -> each.name() + "=" + mark(each))
        .collect(Collectors.joining(" "));
  }

  private static boolean isMark(String label) {
    return label.matches("clusterset\\.open-cluster-management\\.io/[0-9a-f]{63}");
  }

  private static String mark(ApiObject namespace) {
    return namespace.labels().entrySet().stream()
        .filter(each -> isMark(each.getKey()))
        .map(each -> each.getValue())
        .findFirst()
        .orElse("");
  }

  @Test
  void namespacesAreMadeMarkedAndTold() {
    cluster.create(HubKinds.NAMESPACE, ApiObject.named(HubKinds.NAMESPACE, "", "there"));
    var status = Json.object();
    new SetNamespaces(cluster, HUB).apply(wanting("shop", "there"), status, NOW);
    assertThat(marks()).isEqualTo("shop=true there=true");
    for (var each : status.path("managedNamespaces")) {
      var condition = each.at("/conditions/0");
      assertThat(condition.path("type").asString("")).isEqualTo("NamespaceAvailable");
      assertThat(condition.path("status").asString("")).isEqualTo("True");
      assertThat(condition.path("reason").asString("")).isEqualTo("NamespaceApplied");
    }
    assertThat(status.path("managedNamespaces")).hasSize(2);
  }

  @Test
  void whatIsWantedNoMoreIsKeptAndLosesItsMarkAlsoAfterARestart() {
    new SetNamespaces(cluster, HUB).apply(wanting("shop", "lab"), Json.object(), NOW);
    var again = new SetNamespaces(cluster, HUB);
    again.apply(wanting("shop"), Json.object(), NOW);
    assertThat(marks()).isEqualTo("lab=false shop=true");
    again.apply(wanting(), Json.object(), NOW);
    assertThat(marks()).isEqualTo("lab=false shop=false");
    new SetNamespaces(cluster, "https://other.example").apply(wanting(), Json.object(), NOW);
    assertThat(cluster.find(HubKinds.NAMESPACE, Key.of("shop"))).isPresent();
  }

  @Test
  void whatTheClusterRefusesIsTold() {
    var status = Json.object();
    var nobody = api.as(Caller.of("nobody", Caller.AUTHENTICATED));
    new SetNamespaces(nobody, HUB).apply(wanting("shop"), status, NOW);
    var condition = status.at("/managedNamespaces/0/conditions/0");
    assertThat(condition.path("status").asString("")).isEqualTo("False");
    assertThat(condition.path("reason").asString("")).isEqualTo("NamespaceApplyFailed");
    assertThat(condition.path("message").asString("")).contains("nobody");
  }
}
