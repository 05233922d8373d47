package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.testkit.EtcdServer;
import io.nave.testkit.NeedsEtcd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two real hubs on one real etcd.
@NeedsEtcd
@Timeout(300)
class HubReplicasE2E {
  private static final ResourceType CONFIG_MAP =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  private static final ResourceType NAMESPACE =
      ResourceType.of("", "v1", "Namespace", "namespaces", false);
  private static final ResourceType LEASE =
      ResourceType.of("coordination.k8s.io", "v1", "Lease", "leases", true);
  private static final Key LEADER = Key.of("kube-system", "nave-hub-leader");

  private final Path folder = Folders.fresh(getClass());

  /// - Goal: both serve reads and watches of one state; the controllers survive their leader; what
  ///   was acknowledged is there.
  /// - Method: writes through one are watched through the other; the leader is killed; a deleted
  ///   namespace is emptied by the hub that is left.
  @Test
  void bothServeOneStateAndTheControllersSurviveTheirLeader() {
    try (var etcd = EtcdServer.start(folder.resolve("etcd"));
        var one = HubProgram.start(folder.resolve("one"), "--store", "etcd://" + etcd.address());
        var two = HubProgram.start(folder.resolve("two"), "--store", "etcd://" + etcd.address());
        var atOne = Remote.open(one.administrator());
        var atTwo = Remote.open(two.administrator())) {
      var leader = holder(atOne);
      watchAcross(atOne, atTwo);
      one.kill();
      var next =
          Until.present(
              "another leader",
              () -> java.util.Optional.of(holder(atTwo)).filter(held -> !held.equals(leader)));
      assertThat(next).isNotEmpty();
      assertThat(atTwo.client().list(CONFIG_MAP, "across", Selection.all()).items()).hasSize(20);
      atTwo.client().delete(NAMESPACE, Key.of("across"), null);
      Until.holds(
          "the namespace to be emptied by the hub that is left",
          () -> atTwo.client().find(NAMESPACE, Key.of("across")).isEmpty());
    }
  }

  private static String holder(Remote remote) {
    return Until.present(
        "a leader",
        () ->
            remote
                .client()
                .find(LEASE, LEADER)
                .map(lease -> lease.at("/spec/holderIdentity").asString(""))
                .filter(held -> !held.isEmpty()));
  }

  private static void watchAcross(Remote atOne, Remote atTwo) {
    atOne.client().create(NAMESPACE, ApiObject.named(NAMESPACE, "", "across"));
    var from = atTwo.client().list(CONFIG_MAP, "across", Selection.all()).resourceVersion();
    try (var watch = atTwo.client().watch(CONFIG_MAP, "across", Selection.all(), from)) {
      var written = new ArrayList<String>();
      for (int i = 0; i < 20; i++) {
        var object = ApiObject.named(CONFIG_MAP, "across", "o" + i);
        var client = i % 2 == 0 ? atOne.client() : atTwo.client();
        written.add(client.create(CONFIG_MAP, object).resourceVersion());
      }
      assertThat(seen(watch, written.size())).isEqualTo(written);
    }
  }

  private static List<String> seen(ApiClient.Watch watch, int count) {
    var seen = new ArrayList<String>();
    Until.holds(
        count + " events",
        () -> {
          var event = watch.next(Duration.ofSeconds(1));
          if (event != null && event.kind() == ApiClient.Watch.Kind.ADDED) {
            seen.add(event.object().resourceVersion());
          }
          return seen.size() == count;
        });
    return seen;
  }
}
