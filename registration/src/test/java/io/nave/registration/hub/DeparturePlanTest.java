package io.nave.registration.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.registration.TestHub;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.hub.AcceptanceReconciler.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is done, in which order, when a cluster leaves.
final class DeparturePlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ROLE = "open-cluster-management:managedcluster:c1";

  private static ApiObject leaving(String annotation, String... finalizers) {
    return Requests.clusterObject("c1", true, "")
        .editMeta(meta -> {
          meta.put("deletionTimestamp", NOW.toString());
          List.of(finalizers).forEach(meta.withArrayProperty("finalizers")::add);
          if (!annotation.isEmpty()) {
            meta.withObjectProperty("annotations").put(annotation, "");
          }
        });
  }

  private static ApiObject held() {
    return leaving("", AcceptanceReconciler.FINALIZERS.toArray(String[]::new));
  }

  private static ApiObject done() {
    return held()
        .edit(tree ->
            tree.set(
                "status",
                TestHub.object(
                        "{'conditions':[{'type':'Deleting','status':'True','reason':'NoResource',"
                            + "'message':'No cleaned resource in cluster ns.',"
                            + "'lastTransitionTime':'2026-01-01T00:00:00Z'}]}")
                    .json()));
  }

  private static ApiObject left(String name, String priority, String finalizer) {
    return TestHub.object(
        ("{'metadata':{'name':'%s','namespace':'c1','uid':'u','resourceVersion':'4',"
                + "'annotations':{'open-cluster-management.io/cleanup-priority':'%s'},"
                + "'finalizers':[%s]}}")
            .formatted(name, priority, finalizer));
  }

  private static Optional<ApiObject> rights(ResourceType type, Key key) {
    var found = new TreeMap<String, ApiObject>();
    for (var wanted : ClusterRights.accepted("c1")) {
      found.put(wanted.type().plural() + " " + wanted.object().key(), wanted.object());
    }
    return Optional.ofNullable(found.get(type.plural() + " " + key));
  }

  private static Plan plan(ApiObject cluster, Map<ResourceType, List<ApiObject>> left) {
    return DepartureReconciler.plan(
        cluster, DeparturePlanTest::rights, type -> left.getOrDefault(type, List.of()), NOW);
  }

  private static List<String> lines(Plan plan) {
    var lines = new ArrayList<String>();
    for (var write : plan.writes()) {
      lines.add(
          switch (write) {
            case Write.Create(var type, var object) -> "create " + type.kind() + " " + object.key();
            case Write.Update(var type, var object, _) ->
                "update " + type.kind() + " " + object.key();
            case Write.Change(var type, var key, var sub, _) ->
                "patch " + type.kind() + " " + key + (sub.isEmpty() ? "" : " " + sub);
            case Write.Delete(var type, var key, _) -> "delete " + type.kind() + " " + key;
          });
    }
    return lines;
  }

  private static String message(Plan plan) {
    var body = ((Write.Change) plan.writes().getLast()).patch().body();
    return body.at("/status/conditions")
        .valueStream()
        .filter(each -> each.path("type").asString("").equals("Deleting"))
        .map(each -> each.path("message").asString(""))
        .findFirst()
        .orElse("");
  }

  @Test
  void addOnsGoBeforeWorks() {
    var plan =
        plan(
            held(),
            Map.of(
                HubKinds.ADD_ON, List.of(left("a", "", "")),
                HubKinds.WORK, List.of(left("w", "", ""))));

    assertThat(lines(plan))
        .containsExactly("delete ManagedClusterAddOn c1/a", "patch ManagedCluster c1 status");
    assertThat(plan.outcome())
        .isEqualTo(new Outcome.CheckAfter(AcceptanceReconciler.WORKS_RECHECK));
  }

  @Test
  void ofOneKindTheLowestPriorityGoesFirst() {
    var works =
        List.of(left("late", "100", ""), left("first", "1", "'a/b'"), left("also", "1", ""));
    var plan = plan(held(), Map.of(HubKinds.WORK, works));

    assertThat(lines(plan))
        .containsExactly(
            "delete ManifestWork c1/first",
            "delete ManifestWork c1/also",
            "patch ManagedCluster c1 status");
    assertThat(message(plan))
        .isEqualTo(
            "The resource manifestworks is remaning, the remaining count is 3, the finalizer pending"
                + " count is 1");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "7,7", "100,100", "101,0", "-1,0", "x,0", "'',0", "1.5,0"})
  void whatIsNoPriorityIsZero(String written, int priority) {
    assertThat(DepartureReconciler.priority(left("w", written, ""))).isEqualTo(priority);
  }

  @Test
  void aClusterThatIsGoneForGoodIsNotWaitedFor() {
    var gone =
        leaving(
            ManagedCluster.FORCE_DETACH, AcceptanceReconciler.FINALIZERS.toArray(String[]::new));
    var works = List.of(left("late", "100", "'a/b'"), left("first", "1", "'a/b'"));

    assertThat(lines(plan(gone, Map.of(HubKinds.WORK, works))))
        .containsExactly(
            "patch ManifestWork c1/late",
            "delete ManifestWork c1/late",
            "patch ManifestWork c1/first",
            "delete ManifestWork c1/first",
            "patch ManagedCluster c1 status");
  }

  @Test
  void whenNothingIsLeftThatIsSaidFirst() {
    assertThat(lines(plan(held(), Map.of()))).containsExactly("patch ManagedCluster c1 status");
    assertThat(message(plan(held(), Map.of()))).isEqualTo("No cleaned resource in cluster ns.");
  }

  @Test
  void thenItsRightsGoAndLastItsFinalizers() {
    assertThat(lines(plan(done(), Map.of())))
        .containsExactly(
            "patch RoleBinding c1/" + ROLE + ":work",
            "delete RoleBinding c1/" + ROLE + ":work",
            "delete RoleBinding c1/" + ROLE + ":registration",
            "delete ClusterRoleBinding " + ROLE,
            "delete ClusterRole " + ROLE,
            "patch ManagedCluster c1");
  }

  @Test
  void anotherOnesFinalizerStays() {
    var cluster = done().editMeta(meta -> meta.withArrayProperty("finalizers").add("other/one"));
    var last = (Write.Change) plan(cluster, Map.of()).writes().getLast();

    assertThat(last.patch().body().at("/metadata/finalizers").toString())
        .isEqualTo("[\"other/one\"]");
    assertThat(plan(leaving("", "other/one"), Map.of())).isEqualTo(Plan.NOTHING);
  }

  /// Someone took the finalizers off by hand: the agent still has its works, and nobody would ever
  /// delete them.
  @Test
  void whatAVanishedClusterLeftBehindGoesInTheSameOrder() {
    var works = List.of(left("late", "100", "'a/b'"), left("first", "1", "'a/b'"));

    var plan = afterwards(Map.of(HubKinds.WORK, works));
    assertThat(lines(plan)).containsExactly("delete ManifestWork c1/first");
    assertThat(plan.outcome())
        .isEqualTo(new Outcome.CheckAfter(AcceptanceReconciler.WORKS_RECHECK));

    assertThat(lines(afterwards(Map.of())))
        .containsExactly(
            "patch RoleBinding c1/" + ROLE + ":work",
            "delete RoleBinding c1/" + ROLE + ":work",
            "delete RoleBinding c1/" + ROLE + ":registration",
            "delete ClusterRoleBinding " + ROLE,
            "delete ClusterRole " + ROLE);
  }

  private static Plan afterwards(Map<ResourceType, List<ApiObject>> left) {
    return DepartureReconciler.afterwards(
        "c1", DeparturePlanTest::rights, type -> left.getOrDefault(type, List.of()));
  }

  @Test
  void aNamespaceThatWasNeverAClustersIsLeftAlone() {
    var works = Map.of(HubKinds.WORK, List.of(left("w", "", "")));
    var bare = ApiObject.named(HubKinds.NAMESPACE, "", "c1");

    assertThat(
            DepartureReconciler.afterwards(
                "c1", (_, _) -> Optional.of(bare), type -> works.getOrDefault(type, List.of())))
        .isEqualTo(Plan.NOTHING);
  }

  /// The world of one leaving cluster whose works nobody may delete.
  private static final class Refusing implements DepartureReconciler.World {
    private final List<Write> written = new ArrayList<>();

    @Override
    public Optional<ApiObject> cluster(Key key) {
      return Optional.of(held());
    }

    @Override
    public Optional<ApiObject> find(ResourceType type, Key key) {
      return rights(type, key);
    }

    @Override
    public List<ApiObject> list(ResourceType type, String namespace) {
      return type.equals(HubKinds.WORK) ? List.of(left("w", "", "")) : List.of();
    }

    @Override
    public void write(List<Write> writes) {
      if (writes.stream().anyMatch(Write.Delete.class::isInstance)) {
        throw ApiError.forbidden("a policy keeps works");
      }
      written.addAll(writes);
    }

    @Override
    public Instant now() {
      return NOW;
    }
  }

  @Test
  void whatKeepsAClusterFromLeavingIsSaid() {
    var world = new Refusing();

    assertThatThrownBy(() -> new DepartureReconciler(world).reconcile(Key.of("c1")))
        .isInstanceOf(ApiError.class); // so that it is tried again
    var conditions =
        ((Write.Change) world.written.getLast()).patch().body().at("/status/conditions");
    assertThat(conditions.toString())
        .contains("\"type\":\"Deleting\"", "\"status\":\"False\"", "\"reason\":\"DeletingError\"")
        .contains("a policy keeps works");
  }
}
