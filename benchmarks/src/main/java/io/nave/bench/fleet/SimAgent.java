package io.nave.bench.fleet;

import io.nave.bench.wire.Answer;
import io.nave.bench.wire.Ask;
import io.nave.bench.wire.Line;
import io.nave.bench.wire.Wire;
import io.nave.controllers.Kubeconfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The life of one agent: joins with the bootstrap token, then keeps its four watches, its lease
/// and its works, and comes back when the connection breaks. Everything happens on event loops, one
/// step at a time.
final class SimAgent {
  private static final String CLUSTERS =
      "/apis/cluster.open-cluster-management.io/v1/managedclusters";
  private static final String REQUESTS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
  private static final double LEASE_JITTER = 0.25;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int WATCHES = 4;

  private final AgentIdentity identity;
  private final Fleet fleet;
  private final RandomGenerator random;
  private final List<AgentWatch> watches = new ArrayList<>();
  private final Map<String, Long> reported = new HashMap<>(); // works, by the generation told
  private Kubeconfig.@Nullable Login login;
  private @Nullable Line line;
  private @Nullable ObjectNode cluster;
  private long began;
  private int synced;
  private boolean joined;
  private boolean reporting;
  private boolean leasing;

  SimAgent(AgentIdentity identity, Fleet fleet, RandomGenerator random) {
    this.identity = identity;
    this.fleet = fleet;
    this.random = random;
  }

  String name() {
    return identity.cluster();
  }

  /// Begins the handshake.
  void join() {
    began = fleet.host.nanoTime();
    fleet.wire.connect(
        fleet.bootstrap, Wire.Version.HTTP_2, this::ask, fault -> again(this::join, fault));
  }

  private void ask(Line bootstrap) {
    bootstrap.send(
        Ask.get(CLUSTERS + "/" + name()),
        answer -> {
          if (answer.status() == 404) {
            bootstrap.send(
                Ask.post(CLUSTERS, AgentBodies.cluster(name())),
                made -> requested(bootstrap, made));
          } else {
            requested(bootstrap, answer);
          }
        });
  }

  private void requested(Line bootstrap, Answer cluster) {
    if (!cluster.good() && cluster.status() != 409) {
      failed(bootstrap, cluster);
      return;
    }
    var label = "labelSelector=open-cluster-management.io%2Fcluster-name%3D" + name();
    var own = "fieldSelector=metadata.name%3D" + name();
    follow(bootstrap, CLUSTERS, own, _ -> {});
    follow(bootstrap, REQUESTS, label, request -> decided(bootstrap, request));
    bootstrap.send(
        Ask.protobuf("POST", REQUESTS, AgentBodies.request(identity)),
        answer -> {
          if (!answer.good()) {
            failed(bootstrap, answer);
          }
        });
  }

  /// For as long as the line lives.
  private void follow(Line on, String path, String selector, Consumer<ObjectNode> changed) {
    new AgentWatch(path, selector, random, changed, _ -> {}, () -> {}).open(on);
  }

  private void failed(Line bootstrap, Answer answer) {
    bootstrap.close();
    again(this::join, new IllegalStateException(answer.toString()));
  }

  private void decided(Line bootstrap, ObjectNode request) {
    var certificate = request.path("status").path("certificate").asString("");
    if (login == null && !certificate.isEmpty()) {
      login = identity.login(certificate);
      bootstrap.close();
      connect();
    }
  }

  /// Connects with its certificate, and goes on from there.
  void connect() {
    var known = login;
    if (known != null) {
      fleet.wire.connect(
          known, Wire.Version.HTTP_2, this::connected, fault -> again(this::connect, fault));
    }
  }

  private void connected(Line next) {
    line = next;
    synced = 0;
    fleet.connected(1);
    next.whenClosed(() -> lost(next));
    if (watches.isEmpty()) {
      beginWatches();
    }
    watches.forEach(watch -> watch.open(next));
  }

  private void beginWatches() {
    var own = "fieldSelector=metadata.name%3D" + name();
    var label = "labelSelector=open-cluster-management.io%2Fcluster-name%3D" + name();
    var addons = "/apis/addon.open-cluster-management.io/v1beta1/namespaces/" + name();
    watch(CLUSTERS, own, this::clusterChanged, _ -> {});
    watch(REQUESTS, label, _ -> {}, _ -> {});
    watch(addons + "/managedclusteraddons", "", _ -> {}, _ -> {});
    watch(works(), "", this::workChanged, work -> reported.remove(workName(work)));
  }

  private void watch(
      String path, String selector, Consumer<ObjectNode> changed, Consumer<JsonNode> deleted) {
    watches.add(new AgentWatch(path, selector, random, changed, deleted, this::oneSynced));
  }

  private void oneSynced() {
    if (++synced == WATCHES) {
      fleet.synced(this);
    }
  }

  private void lost(Line gone) {
    if (!gone.equals(line)) {
      return;
    }
    line = null;
    watches.forEach(AgentWatch::pause);
    fleet.connected(-1);
    if (synced == WATCHES) {
      fleet.unsynced();
    }
    if (!fleet.stopping()) {
      // client-go: the first retry comes within a second or so, spread by its jitter.
      fleet.wire.after(RETRY.plusMillis(random.nextInt(1_000)), this::connect);
    }
  }

  private void again(Runnable step, Throwable why) {
    fleet.troubled(name(), why);
    if (!fleet.stopping()) {
      fleet.wire.after(RETRY.plusMillis(random.nextInt(1_000)), step);
    }
  }

  private void clusterChanged(ObjectNode now) {
    cluster = now;
    if (isTrue(now, "HubAcceptedManagedCluster")) {
      if (!leasing) {
        leasing = true;
        lease();
      }
      report();
    }
  }

  /// Says that the cluster is well, where the hub does not know.
  private void report() {
    var known = cluster;
    var on = line;
    if (known == null || on == null || reporting) {
      return;
    }
    if (isTrue(known, "ManagedClusterJoined")
        && isTrue(known, "ManagedClusterConditionAvailable")) {
      nowJoined();
      return;
    }
    reporting = true;
    on.send(
        Ask.merge(CLUSTERS + "/" + name() + "/status", AgentBodies.joined(known, fleet.host.now())),
        answer -> {
          reporting = false;
          if (answer.good()) {
            nowJoined();
          } else if (answer.status() != 409) { // a conflict: the change that caused it comes
            fleet.troubled(name(), new IllegalStateException(answer.toString()));
            on.after(RETRY, this::report);
          } else {
            on.after(Duration.ofMillis(50), this::report);
          }
        });
  }

  private void nowJoined() {
    if (!joined) {
      joined = true;
      fleet.joined(this, fleet.host.nanoTime() - began);
    }
  }

  /// Renews the lease now and then again and again.
  private void lease() {
    fleet.wire.after(
        fleet.lease.plusMillis(
            (long) (fleet.lease.toMillis() * LEASE_JITTER * random.nextDouble())),
        () -> {
          if (!fleet.stopping()) {
            lease();
          }
        });
    var on = line;
    if (on == null) {
      return;
    }
    var path =
        "/apis/coordination.k8s.io/v1/namespaces/" + name() + "/leases/managed-cluster-lease";
    var began = fleet.host.nanoTime();
    on.send(
        Ask.get(path),
        read -> {
          if (!read.good()) {
            return;
          }
          on.send(
              Ask.protobuf("PUT", path, AgentBodies.lease(read.json(), fleet.host.now())),
              written -> {
                if (written.good()) {
                  fleet.renewed(fleet.host.nanoTime() - began);
                }
              });
        });
  }

  private String works() {
    return "/apis/work.open-cluster-management.io/v1/namespaces/" + name() + "/manifestworks";
  }

  private void workChanged(ObjectNode work) {
    var on = line;
    var meta = work.path("metadata");
    var work1 = workName(work);
    if (on == null) {
      return;
    }
    var ours = false;
    for (var finalizer : meta.path("finalizers")) {
      ours |= finalizer.asString("").equals(AgentBodies.FINALIZER);
    }
    var path = works() + "/" + work1;
    if (meta.hasNonNull("deletionTimestamp")) {
      if (ours) {
        on.send(Ask.merge(path, AgentBodies.finalizers(work, false)), _ -> {});
      }
    } else if (!ours) {
      on.send(Ask.merge(path, AgentBodies.finalizers(work, true)), _ -> {});
    } else {
      apply(on, path, work);
    }
  }

  private void apply(Line on, String path, ObjectNode work) {
    var name = workName(work);
    var generation = work.path("metadata").path("generation").asLong(0);
    if (observed(work) == generation) {
      if (!java.util.Objects.equals(reported.put(name, generation), generation)) {
        fleet.found(name(), name, generation);
      }
      return;
    }
    on.send(
        Ask.merge(path + "/status", AgentBodies.applied(work, fleet.host.now())),
        answer -> {
          if (answer.good()) {
            reported.put(name, generation);
            fleet.applied(name(), name, generation);
          }
        });
  }

  private static long observed(ObjectNode work) {
    for (var condition : work.path("status").path("conditions")) {
      if (condition.path("type").asString("").equals("Applied")) {
        return condition.path("observedGeneration").asLong(-1);
      }
    }
    return -1;
  }

  private static String workName(JsonNode work) {
    return work.path("metadata").path("name").asString("");
  }

  private static boolean isTrue(ObjectNode object, String type) {
    for (var condition : object.path("status").path("conditions")) {
      if (condition.path("type").asString("").equals(type)) {
        return condition.path("status").asString("").equals("True");
      }
    }
    return false;
  }
}
