package io.nave.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.registration.agent.AgentState;
import io.nave.runtime.sim.SimWorld;
import io.nave.testkit.Seeds;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A user's objects outlive whatever keeps hub and agent apart: DESIGN D7.
final class AgentAbsenceSimTest {
  private static final ResourceType DEPLOYMENT = SimCluster.WATCHED.getFirst();
  private static final Key WORK = Key.of("east", "kept");

  /// What a person gives to one cluster by name, beside any Placement.
  private static final String KEPT =
      """
      apiVersion: work.open-cluster-management.io/v1
      kind: ManifestWork
      metadata:
        name: kept
        namespace: east
      spec:
        workload:
          manifests:
            - apiVersion: v1
              kind: ConfigMap
              metadata: {name: kept, namespace: default}
              data: {colour: %s}
            - apiVersion: apps/v1
              kind: Deployment
              metadata: {name: kept, namespace: default}
              spec:
                replicas: 2
                selector: {matchLabels: {app: kept}}
                template:
                  metadata: {labels: {app: kept}}
                  spec: {containers: [{name: c, image: nginx}]}
      """;

  /// A month, which takes two minutes to simulate, with `-Dlong=true`; otherwise two days.
  private static final Duration AWAY =
      Boolean.getBoolean("long") ? Duration.ofDays(30) : Duration.ofDays(2);

  private static final String EAST =
      """
      apiVersion: cluster.open-cluster-management.io/v1
      kind: ManagedCluster
      metadata: {name: east}
      spec: {hubAcceptsClient: true}
      """;

  private static Fleet delivered(SimWorld world) {
    var fleet = Fleet.of(world, 1);
    fleet.join();
    fleet.apply(KEPT.formatted("blue"));
    fleet.await("the work to settle", () -> fleet.witness().settled(WORK));
    return fleet;
  }

  /// The objects the user cares for, with the uids they were born with.
  private static List<String> objects(Fleet fleet) {
    var east = fleet.cluster("east").client();
    return SimCluster.WATCHED.stream()
        .flatMap(type -> east.list(type, "", Selection.all()).items().stream())
        .map(object -> object.kind() + " " + object.key() + " " + object.uid())
        .toList();
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 1)
  void anAgentThatIsCutOffForLongKeepsEverythingAndComesBack(long seed) {
    try (var world = new SimWorld(seed)) {
      var fleet = delivered(world);
      var before = objects(fleet);
      fleet.partition("east");
      var withHub = Duration.ofHours(6);
      world.run(withHub);
      assertThat(fleet.witness().joined("east")).isFalse();
      fleet.apply(KEPT.formatted("green"));
      fleet.crashHub(); // an idle hub takes longest to simulate
      world.run(AWAY.minus(withHub));
      fleet.restartHub();
      world.run(Duration.ofHours(1));

      assertThat(fleet.cluster("east").state()).containsInstanceOf(AgentState.HubUnreachable.class);
      assertThat(objects(fleet)).isEqualTo(before);

      fleet.heal("east");
      fleet.await("it to come back", () -> fleet.witness().joined("east"));
      fleet.await("the news of that time", () -> colour(fleet).equals("green"));
      assertThat(objects(fleet)).isEqualTo(before);
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  private static String colour(Fleet fleet) {
    return fleet
        .cluster("east")
        .find(SimCluster.WATCHED.getLast(), "default", "kept")
        .map(found -> found.at("/data/colour").asString())
        .orElse("");
  }

  /// - Goal: drift is repaired and a restart survived while there is no hub at all.
  @Test
  void anAgentThatRestartsWithoutAHubLooksAfterItsCluster() {
    try (var world = new SimWorld(1)) {
      var fleet = delivered(world);
      fleet.crashHub();
      fleet.crashAgent("east");
      var east = fleet.cluster("east");
      east.client().delete(DEPLOYMENT, Key.of("default", "kept"), null);
      world.run(Duration.ofMinutes(1));
      assertThat(fleet.deployment("east", "default", "kept")).isEmpty();

      fleet.restartAgent("east");
      fleet.await("repair", () -> fleet.deployment("east", "default", "kept").isPresent());
      assertThat(east.connected()).isFalse();

      fleet.restartHub();
      fleet.await("the hub to be heard", east::connected);
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  /// - Goal: a hub that lost its data is no reason to remove what runs.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 2)
  void aHubThatComesBackEmptyRemovesNothing(long seed) {
    try (var world = new SimWorld(seed)) {
      var fleet = delivered(world);
      var before = objects(fleet);
      fleet.crashHub();
      fleet.replaceHub();
      world.run(Duration.ofMinutes(50));
      assertThat(objects(fleet)).as("within the grace").isEqualTo(before);

      assertThat(fleet.cluster("east").state().orElseThrow().line())
          .contains("gives this agent no rights");

      // An administrator knows it again; there is still no work for it.
      fleet.apply(EAST);
      fleet.await("it to be available", () -> fleet.witness().joined("east"));
      world.run(Duration.ofHours(3));
      assertThat(fleet.witness().works("east")).isEmpty();
      assertThat(objects(fleet)).as("after the grace, on a hub without any work").isEqualTo(before);

      // Then the work is there again: it takes over what it left.
      fleet.apply(KEPT.formatted("blue"));
      fleet.await("the work to settle again", () -> fleet.witness().settled(WORK));
      assertThat(objects(fleet)).isEqualTo(before);
      assertThat(fleet.witness().faults()).isEmpty();
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  /// - Goal: an agent whose clock is wrong says so, removes nothing, and goes on when it is set.
  @ParameterizedTest(name = "{0} hours")
  @ValueSource(ints = {-20_000, -1, 20_000})
  void anAgentWithAWrongClockSaysSo(int hours) {
    try (var world = new SimWorld(hours)) {
      var fleet = delivered(world);
      var before = objects(fleet);
      var east = fleet.cluster("east");
      fleet.crashAgent("east");
      east.agentHost().skew(Duration.ofHours(hours));
      fleet.startAgent("east");
      fleet.await("a word on the clock", () -> blamesTheClock(east));
      world.run(Duration.ofMinutes(40));
      assertThat(blamesTheClock(east)).isTrue();
      assertThat(objects(fleet)).isEqualTo(before);

      east.agentHost().skew(Duration.ZERO);
      fleet.await(
          "it to join",
          () ->
              east.state().orElseThrow() instanceof AgentState.Joined
                  && fleet.witness().joined("east"));
      assertThat(objects(fleet)).isEqualTo(before);
      assertThat(world.taskFailures()).isEmpty();
    }
  }

  private static boolean blamesTheClock(SimCluster cluster) {
    return cluster.state().filter(state -> state instanceof AgentState.ClockWrong).isPresent();
  }

  /// - Goal: a clock that is some minutes off is no trouble at all.
  @ParameterizedTest(name = "{0} minutes")
  @ValueSource(ints = {-4, 4, 20})
  void anAgentWhoseClockIsSomeMinutesOffIsAvailable(int minutes) {
    try (var world = new SimWorld(minutes)) {
      var fleet = Fleet.of(world, 1);
      fleet.cluster("east").agentHost().skew(Duration.ofMinutes(minutes));
      fleet.join();
      fleet.apply(KEPT.formatted("blue"));
      fleet.await("the work to settle", () -> fleet.witness().settled(WORK));
      for (var minute = 0; minute < 30; minute++) {
        world.run(Duration.ofMinutes(1));
        assertThat(fleet.witness().joined("east")).as("after %d minutes", minute).isTrue();
      }
    }
  }

  /// Other people's objects in a cluster are none of the agent's business.
  @Test
  void objectsThatAreInNoWorkAreNeverTouched() {
    try (var world = new SimWorld(2)) {
      var fleet = Fleet.of(world, 1);
      var own = ApiObject.named(DEPLOYMENT, "default", "own");
      fleet.cluster("east").client().create(DEPLOYMENT, own);
      fleet.join();
      fleet.apply(KEPT.formatted("blue"));
      fleet.await("the work to settle", () -> fleet.witness().settled(WORK));
      fleet.administrator().client().delete(ResourceType.of(ManifestWork.class), WORK, null);
      fleet.await("the work to go", () -> fleet.witness().works("east").isEmpty());
      assertThat(fleet.deployment("east", "default", "kept")).isEmpty();
      assertThat(fleet.deployment("east", "default", "own")).isPresent();
    }
  }
}
