package io.nave.registration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Listing;
import io.nave.registration.TestHub;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster.Claim;
import io.nave.registration.api.ManagedCluster.NodeSummary;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClusterReaderTest {
  private final Map<ResourceType, List<ApiObject>> there = new HashMap<>(); // looked up only

  /// A cluster that only answers lists, of the kinds it has.
  private final ApiClient cluster =
      (ApiClient)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {ApiClient.class},
              (_, method, arguments) -> {
                var found = method.getName().equals("list") ? there.get(arguments[0]) : null;
                if (found == null) {
                  throw ApiError.noSuchPath();
                }
                return new Listing(found, "1");
              });

  private ClusterReader.Facts read(int claimsMax, String... reservedSuffixes) {
    var portrait = new Portrait(Map.of(), List.of(), claimsMax, List.of(reservedSuffixes));
    var settings =
        new AgentSettings(
            "east", null, null, Path.of("/data"), Map.of(), Map.of(), portrait, null, null);
    return new ClusterReader(cluster, () -> "v1.36.0", settings).read();
  }

  private void add(ResourceType kind, String json) {
    there.computeIfAbsent(kind, _ -> new ArrayList<>()).add(TestHub.object(json));
  }

  private void fact(ResourceType kind, String name, String value) {
    add(kind, "{'metadata':{'name':'%s'},'spec':{'value':'%s'}}".formatted(name, value));
  }

  @Test
  void aPropertyWinsOverAClaimOfItsName() {
    fact(HubKinds.CLUSTER_CLAIM, "zone", "old");
    fact(HubKinds.CLUSTER_PROPERTY, "zone", "new");
    assertThat(read(20).claims()).containsExactly(new Claim("zone", "new"));
  }

  @Test
  void whatIsForTheClusterAloneIsNotTold() {
    add(
        HubKinds.CLUSTER_PROPERTY,
        "{'metadata':{'name':'own','labels':{'open-cluster-management.io/spoke-only':''}},"
            + "'spec':{'value':'1'}}");
    fact(HubKinds.CLUSTER_PROPERTY, "empty", "");
    assertThat(read(20).claims()).isEmpty();
  }

  @Test
  void reservedOnesComeFirstAndAlwaysThenAsManyAsAreAllowed() {
    for (var name : List.of("b", "a", "d.acme.io", "id.k8s.io", "c")) {
      fact(HubKinds.CLUSTER_PROPERTY, name, "1");
    }
    var facts = read(2, ".acme.io");
    assertThat(facts.claims().stream().map(Claim::name))
        .containsExactly("d.acme.io", "id.k8s.io", "a", "b");
    assertThat(facts.claimsLeftOut()).isEqualTo(1);
  }

  /// A property may be longer than what the hub takes for a claim.
  @Test
  void aLongValueIsCutBetweenItsLetters() {
    fact(HubKinds.CLUSTER_PROPERTY, "long", "x".repeat(1023) + "\ud83d\ude00" + "yz");
    var value = read(20).claims().getFirst().value();
    assertThat(value.codePointCount(0, value.length())).isEqualTo(1024);
    assertThat(value).endsWith("x\ud83d\ude00");
  }

  @Test
  void nodesAreToldInAFewWordsWhateverTheirNumber() {
    for (var i = 0; i < 9; i++) {
      add(
          HubKinds.NODE,
          ("{'metadata':{'name':'n%d'},'spec':{'unschedulable':%s},'status':{'capacity':{'cpu':'4'},"
                  + "'allocatable':{'cpu':'3'},'conditions':[{'type':'Ready','status':'%s'}]}}")
              .formatted(i, i == 0, i < 2 ? "True" : "Unknown"));
    }
    var facts = read(20);
    assertThat(facts.nodes())
        .isEqualTo(new NodeSummary(9, 2, 8, List.of("n2", "n3", "n4", "n5", "n6")));
    assertThat(facts.capacity()).containsEntry("cpu", "36");
    assertThat(facts.allocatable()).containsEntry("cpu", "24");
  }
}
