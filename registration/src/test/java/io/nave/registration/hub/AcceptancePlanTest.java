package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.registration.TestHub;
import io.nave.registration.api.HubKinds;
import io.nave.registration.hub.AcceptanceReconciler.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Plans of [AcceptanceReconciler] and [DepartureReconciler].
final class AcceptancePlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  /// What is there, by plural and key.
  private static final class There implements AcceptanceReconciler.Present {
    private final TreeMap<String, ApiObject> objects = new TreeMap<>();

    There with(ResourceType type, ApiObject object) {
      objects.put(type.plural() + " " + object.key(), object);
      return this;
    }

    There withRights() {
      for (var wanted : ClusterRights.accepted("c1")) {
        with(
            wanted.type(),
            wanted.object().editMeta(meta -> meta.put("uid", "u").put("resourceVersion", "3")));
      }
      return this;
    }

    There deleting(ResourceType type, Key key) {
      var present = find(type, key).orElseThrow();
      return with(type, present.editMeta(m -> m.put("deletionTimestamp", NOW.toString())));
    }

    @Override
    public Optional<ApiObject> find(ResourceType type, Key key) {
      return Optional.ofNullable(objects.get(type.plural() + " " + key));
    }
  }

  private static ApiObject namespace(String name) {
    return ApiObject.named(HubKinds.NAMESPACE, "", name);
  }

  /// All finalizers of an accepted cluster.
  private static final String HELD = String.join(",", AcceptanceReconciler.FINALIZERS);

  private static ApiObject cluster(boolean accepted, String finalizers, String condition) {
    return Requests.clusterObject("c1", accepted, "")
        .edit(tree -> {
          if (!finalizers.isEmpty()) {
            var all = tree.withObjectProperty("metadata").putArray("finalizers");
            List.of(finalizers.split(",")).forEach(all::add);
          }
          if (!condition.isEmpty()) {
            tree.set(
                "status",
                TestHub.object(
                        ("{'conditions':[{'type':'HubAcceptedManagedCluster','status':'%s',"
                                + "'reason':'%s','message':'%s',"
                                + "'lastTransitionTime':'2026-01-01T00:00:00Z'}]}")
                            .formatted(
                                condition,
                                condition.equals("True")
                                    ? "HubClusterAdminAccepted"
                                    : "HubClusterAdminDenied",
                                condition.equals("True")
                                    ? "Accepted by hub cluster admin"
                                    : "Denied by hub cluster admin"))
                    .json());
          }
        });
  }

  private static Plan plan(ApiObject cluster, There there, int works) {
    return AcceptanceReconciler.plan(cluster, there, () -> works, NOW);
  }

  private static List<String> lines(Plan plan) {
    var lines = new ArrayList<String>();
    for (var write : plan.writes()) {
      lines.add(
          switch (write) {
            case Write.Create(var type, var object) ->
                "create " + type.kind() + " " + withoutStamp(type, object);
            case Write.Update(var type, var object, _) ->
                "update " + type.kind() + " " + object.key();
            case Write.Change(var type, var key, var sub, var patch) ->
                "patch " + type.kind() + " " + key + " " + sub + " " + patch.body().propertyNames();
            case Write.Delete(var type, var key, _) -> "delete " + type.kind() + " " + key;
          });
    }
    return lines;
  }

  /// Events are named after the moment too.
  private static String withoutStamp(ResourceType type, ApiObject object) {
    var key = object.key().toString();
    return type.equals(HubKinds.EVENT) ? key.substring(0, key.lastIndexOf('.')) : key;
  }

  private static final String ROLE = "open-cluster-management:managedcluster:c1";

  @Test
  void anAcceptedClusterGetsItsFinalizerNamespaceAndRights() {
    assertThat(lines(plan(cluster(true, "", ""), new There(), 0)))
        .containsExactly(
            "patch ManagedCluster c1  [metadata]",
            "create Namespace c1",
            "create ClusterRole " + ROLE,
            "create ClusterRoleBinding " + ROLE,
            "create RoleBinding c1/" + ROLE + ":registration",
            "create RoleBinding c1/" + ROLE + ":work",
            "create Lease c1/managed-cluster-lease");
  }

  @Test
  void withTheFinalizersThatCameWithItsAcceptanceOneCommitIsEnough() {
    assertThat(lines(plan(cluster(true, HELD, ""), new There(), 0)))
        .containsExactly(
            "create Namespace c1",
            "create ClusterRole " + ROLE,
            "create ClusterRoleBinding " + ROLE,
            "create RoleBinding c1/" + ROLE + ":registration",
            "create RoleBinding c1/" + ROLE + ":work",
            "create Lease c1/managed-cluster-lease",
            "patch ManagedCluster c1 status [metadata, status]",
            "create Event c1/c1.managedclusteraccepted");
  }

  @Test
  void theHubAcceptsByItselfOnlyOnce() {
    var fresh = cluster(false, "", "");
    assertThat(AcceptanceReconciler.isNew(fresh)).isTrue();
    var there = new There().with(HubKinds.NAMESPACE, namespace("default"));
    var writes = AcceptanceReconciler.letIn(fresh, there, NOW);
    assertThat(lines(new Plan(writes, new Outcome.Settled())))
        .containsExactly(
            "patch ManagedCluster c1  [metadata, spec]",
            "create Event default/c1.managedclusterautoapproved");
    assertThat(AcceptanceReconciler.letIn(fresh, new There(), NOW)).hasSize(1);
    var patch = ((Write.Change) writes.getFirst()).patch().body();
    assertThat(patch.at("/spec/hubAcceptsClient").asBoolean(false)).isTrue();
    var stamped =
        fresh.editMeta(meta ->
            meta.withObjectProperty("annotations")
                .setAll((ObjectNode) patch.at("/metadata/annotations")));
    assertThat(AcceptanceReconciler.isNew(stamped)).isFalse();
  }

  @Test
  void withItsFinalizerItIsAlsoSaidToBeAccepted() {
    var plan = plan(cluster(true, HELD, ""), new There().withRights(), 0);
    assertThat(lines(plan))
        .containsExactly(
            "patch ManagedCluster c1 status [metadata, status]",
            "create Event c1/c1.managedclusteraccepted");
    var patch = ((Write.Change) plan.writes().getFirst()).patch().body();
    assertThat(patch.at("/status/conditions/0/reason").asString())
        .isEqualTo("HubClusterAdminAccepted");
    assertThat(patch.at("/status/conditions/0/message").asString())
        .isEqualTo("Accepted by hub cluster admin");
    assertThat(patch.at("/metadata/resourceVersion").asString()).isEqualTo("5");
  }

  @Test
  void nothingIsWrittenWhenAllIsAsItShouldBe() {
    var plan = plan(cluster(true, HELD, "True"), new There().withRights(), 0);
    assertThat(plan.writes()).isEmpty();
  }

  @Test
  void aClusterThatWasNeverAcceptedGetsNothing() {
    assertThat(plan(cluster(false, "", ""), new There(), 0)).isEqualTo(Plan.NOTHING);
  }

  @Test
  void aDeniedClusterKeepsTheRightToReadItself() {
    var plan = plan(cluster(false, HELD, "True"), new There().withRights(), 0);
    assertThat(lines(plan))
        .containsExactly(
            "patch RoleBinding c1/" + ROLE + ":work  [metadata]",
            "patch ClusterRole " + ROLE + "  [rules, metadata]",
            "delete RoleBinding c1/" + ROLE + ":registration",
            "delete RoleBinding c1/" + ROLE + ":work",
            "patch ManagedCluster c1 status [metadata, status]",
            "create Event c1/c1.managedclusterdenied");
  }

  @Test
  void aDeniedClusterWithWorksKeepsItsWorkBindingUntilTheyAreGone() {
    var plan = plan(cluster(false, HELD, "True"), new There().withRights(), 2);
    assertThat(lines(plan)).noneMatch(line -> line.startsWith("patch ManagedCluster"));
    assertThat(plan.outcome())
        .isEqualTo(new Outcome.CheckAfter(AcceptanceReconciler.WORKS_RECHECK));
  }

  @Test
  void rightsWithoutTheConditionAreTakenToo() {
    var plan = plan(cluster(false, HELD, ""), new There().withRights(), 0);
    assertThat(lines(plan)).contains("patch ClusterRole " + ROLE + "  [rules, metadata]");
  }

  @Test
  void afterADenialNothingIsLeftToDo() {
    var there = new There().with(HubKinds.CLUSTER_ROLE, ClusterRights.denied("c1").object());
    var plan = plan(cluster(false, HELD, "False"), there, 0);
    assertThat(plan.writes()).isEmpty();
  }

  @Test
  void aWorkBindingHeldSinceADenialIsLetGoToBeMadeAnew() {
    var there =
        new There().withRights().deleting(HubKinds.ROLE_BINDING, ClusterRights.workBinding("c1"));
    var plan = plan(cluster(true, HELD, "True"), there, 0);
    assertThat(lines(plan)).containsExactly("patch RoleBinding c1/" + ROLE + ":work  [metadata]");
  }

  @Test
  void aNamespaceOnItsWayOutIsWaitedFor() {
    var there = new There().withRights().deleting(HubKinds.NAMESPACE, Key.of("c1"));
    var plan = plan(cluster(true, HELD, ""), there, 0);
    assertThat(lines(plan)).containsExactly("patch ManagedCluster c1 status [metadata, status]");
    var body = ((Write.Change) plan.writes().getFirst()).patch().body();
    assertThat(body.at("/status/conditions/0/reason").asString()).isEqualTo("Error");
  }
}
