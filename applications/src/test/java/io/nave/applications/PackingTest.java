package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nave.api.Key;
import io.nave.api.Yaml;
import io.nave.applications.ClusterModel.Hub;
import io.nave.applications.policies.Treatments;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// - Goal: what a cluster gets fits, stays where it is, and goes only as policies say.
class PackingTest {
  private static final int BIG = 200_000;

  private final Hub hub = new Hub();

  private static Treatments treating(String type, String properties) {
    return Treatments.of(List.of(new Treatments.Given(type, Yaml.parse(properties))));
  }

  private static Map<String, Integer> sizes(Object... namesAndSizes) {
    var sizes = new TreeMap<String, Integer>();
    for (var i = 0; i < namesAndSizes.length; i += 2) {
      sizes.put((String) namesAndSizes[i], (Integer) namesAndSizes[i + 1]);
    }
    return sizes;
  }

  private Map<String, List<String>> places() {
    var places = new TreeMap<String, List<String>>();
    for (var work : hub.standing()) {
      places.put(work.metadata().name(), ClusterModel.names(work));
    }
    return places;
  }

  @Test
  void oneWorkIsEnoughForMost() {
    hub.reconcile(sizes("a", 10, "b", 10));
    assertThat(places()).containsExactly(Map.entry("app-shop.web", List.of("a", "b")));
  }

  @Test
  void whatIsTooMuchForOneWorkIsCutAndStaysWhereItIs() {
    hub.reconcile(sizes("a", BIG, "b", BIG, "c", BIG));
    assertThat(places())
        .containsExactly(
            Map.entry("app-shop.web", List.of("a", "b")), Map.entry("app2-shop.web", List.of("c")));
    hub.report();
    hub.reconcile(sizes("b", BIG, "c", BIG));
    assertThat(places())
        .containsExactly(
            Map.entry("app-shop.web", List.of("b")), Map.entry("app2-shop.web", List.of("c")));
    hub.reconcile(sizes("b", BIG, "c", BIG, "d", 10));
    assertThat(places().get("app-shop.web")).containsExactly("b", "d");
  }

  @Test
  void whatCannotBeRenderedYetStaysAsItIs() {
    hub.reconcile(sizes("a", 10, "b", 10));
    hub.complete = false;
    hub.reconcile(sizes("b", 20));
    assertThat(places().get("app-shop.web")).containsExactly("b", "a");
    hub.complete = true;
    hub.reconcile(sizes("b", 20));
    assertThat(places().get("app-shop.web")).containsExactly("b");
  }

  @Test
  void anObjectThatMustMoveIsLeftBehindByItsOldWork() {
    hub.reconcile(sizes("a", BIG, "b", BIG));
    hub.reconcile(sizes("a", BIG, "b", 2 * BIG));
    assertThat(places())
        .containsExactly(
            Map.entry("app-shop.web", List.of("a")), Map.entry("app2-shop.web", List.of("b")));
    assertThat(left("app-shop.web")).contains("b");
  }

  private List<String> left(String work) {
    var option = hub.work(work).spec().deleteOption();
    var rules = option == null ? null : option.selectivelyOrphans();
    return rules == null
        ? List.of()
        : rules.orphaningRules().stream().map(ManifestWork.OrphaningRule::name).toList();
  }

  @Test
  void aWorkWhoseObjectsLiveOnStaysUntilTheyAreTakenOn() {
    hub.reconcile(sizes("a", 10, "b", 10));
    hub.report();
    hub.treatments = treating("garbage-collect", "{order: dependency}");
    hub.reconcile(sizes("a", 10, "b", 10));
    assertThat(places()).as("the old work and one for each component").hasSize(3);
    assertThat(places().get("app-shop.web")).containsExactly("a", "b");
    hub.report();
    hub.reconcile(sizes("a", 10, "b", 10));
    assertThat(places()).hasSize(2).doesNotContainKey("app-shop.web");
  }

  @Test
  void moreThanAllWorksHoldIsRefused() {
    var refusal = catchThrowableOfType(Refusal.class, () -> hub.reconcile(sizes("a", 600_000)));
    assertThat(refusal.text()).contains("for cluster east: v1 ConfigMap shop/a has 600");
    assertThat(refusal.text()).contains("make it smaller");
  }

  @Test
  void whatGoesWithTheApplicationOnlyStaysInItsWork() {
    hub.treatments =
        treating(
            "garbage-collect",
            "{rules: [{selector: {resourceNames: [a]}, strategy: onAppDelete}]}");
    hub.reconcile(sizes("a", 10, "b", 10, "c", 10));
    hub.reconcile(sizes("c", 10));
    assertThat(places().get("app-shop.web")).containsExactly("c", "a");
    hub.reconcile(sizes());
    assertThat(places().get("app-shop.web")).containsExactly("a");
  }

  @Test
  void whatIsNeverRemovedIsLeftBehindWhenItLeavesTheWork() {
    hub.treatments =
        treating("garbage-collect", "{rules: [{selector: {resourceNames: [a]}, strategy: never}]}");
    hub.reconcile(sizes("a", 10, "b", 10));
    assertThat(left("app-shop.web")).contains("a").doesNotContain("b");
    hub.reconcile(sizes("b", 10));
    assertThat(places().get("app-shop.web")).containsExactly("b");
    assertThat(left("app-shop.web")).contains("a");
  }

  @Test
  void anObjectToBeMadeAnewGoesFirst() {
    hub.treatments =
        treating(
            "resource-update",
            "{rules: [{selector: {resourceNames: [a]}, strategy: {recreateFields: [data.x]}}]}");
    hub.reconcile(sizes("a", 10, "b", 10));
    hub.report();
    hub.reconcile(sizes("a", 11, "b", 10));
    assertThat(places().get("app-shop.web")).as("a has to go").containsExactly("b");
    hub.reconcile(sizes("a", 11, "b", 10));
    assertThat(places().get("app-shop.web")).as("until the agent saw it").containsExactly("b");
    hub.report();
    hub.reconcile(sizes("a", 11, "b", 10));
    assertThat(places().get("app-shop.web")).containsExactly("a", "b");
  }

  @Test
  void whatAnotherApplicationDeliversIsToldAndNotWritten() {
    hub.others.put(
        ManifestIdentity.of(ClusterModel.manifest("a", 1)),
        new Fleet.Holder(Key.of("shop", "rival"), ClusterModel.LONG_AGO, false));
    var plan = hub.reconcile(sizes("a", 10, "b", 10));
    assertThat(places().get("app-shop.web")).containsExactly("b");
    assertThat(plan.contests()).hasSize(1);
    assertThat(plan.contests().getFirst().text())
        .isEqualTo(
            "ConfigMap shop/a on cluster east belongs to application shop/rival, and application"
                + " shop/web wants it too; it was not delivered: rename it in one of them, or name"
                + " it in a shared-resource policy of both");
  }

  @Test
  void whatIsSharedIsOwnedAndNotWritten() {
    hub.treatments =
        treating("shared-resource", "{rules: [{selector: {resourceTypes: [ConfigMap]}}]}");
    var identity = ManifestIdentity.of(ClusterModel.manifest("a", 1));
    hub.others.put(
        identity, new Fleet.Holder(Key.of("shop", "rival"), ClusterModel.LONG_AGO, true));
    var plan = hub.reconcile(sizes("a", 10));
    assertThat(plan.contests()).isEmpty();
    assertThat(hub.work("app-shop.web").spec().manifestConfigs())
        .anySatisfy(config -> {
          assertThat(config.resourceIdentifier().name()).isEqualTo("a");
          assertThat(Treatments.writes(config.updateStrategy())).isFalse();
        });
    hub.others.put(
        identity, new Fleet.Holder(Key.of("shop", "rival"), ClusterModel.LONG_AGO, false));
    assertThat(hub.reconcile(sizes("a", 10)).contests()).as("the other does not share").hasSize(1);
  }

  @Test
  void ofTwoThatWriteOneObjectTheOlderHoldsIt() {
    hub.reconcile(sizes("a", 10));
    var identity = ManifestIdentity.of(ClusterModel.manifest("a", 1));
    hub.others.put(identity, new Fleet.Holder(Key.of("shop", "zzz"), ClusterModel.CREATED, false));
    assertThat(hub.reconcile(sizes("a", 10)).contests()).as("ours is first by name").isEmpty();
    hub.others.put(identity, new Fleet.Holder(Key.of("shop", "aaa"), ClusterModel.CREATED, false));
    assertThat(hub.reconcile(sizes("a", 10)).contests()).hasSize(1);
  }
}
