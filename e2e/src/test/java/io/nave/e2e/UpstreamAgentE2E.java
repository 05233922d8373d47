package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.runtime.Parts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/// - Goal: upstream's unmodified agents run on our hub, ours on upstream's hub, and both say the
///   same of the same clusters and works.
/// - Method: upstream's own programs. One real kube-apiserver is the managed cluster of all agents,
///   and with upstream's kinds and controllers also the upstream hub. Upstream's agents on
///   upstream's hub are what the three other pairs of agent and hub are compared with, work by work
///   (`works-of-two-agents.yaml`): when made, when changed after somebody interfered, and when
///   gone.
///
/// One story in order, because its beginning is dear.
@NeedsUpstream
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UpstreamAgentE2E {
  /// Where our agent says something else on purpose; each row stands in `docs/DELIBERATE.md`.
  ///
  /// @param theirs what upstream's agent of 2024 says
  private record Deliberate(Pattern theirs, String ours) {
    static Deliberate of(String theirs, String ours) {
      return new Deliberate(Pattern.compile(theirs), ours);
    }
  }

  private static final List<Deliberate> DELIBERATE =
      List.of(
          // Upstream's reason of today.
          Deliberate.of("IncompletedResourceMeta", "IncompleteResourceMeta"),
          // Without upstream's gate RawFeedbackJsonString, which is on here.
          Deliberate.of(
              Pattern.quote(
                  "\"StatusFeedbackSynced\":\"False|StatusFeedbackSyncFailed|Sync status feedback failed with error the type map[string]interface {} of the value for all is not found\""),
              "\"StatusFeedbackSynced\":\"True|StatusFeedbackSynced|\""),
          Deliberate.of(
              "\"feedback\":\\[(?=\\{\"fieldValue\":\\{\"string\":\"b\",\"type\":\"String\"\\},\"name\":\"a\")",
              "\"feedback\":[{\"fieldValue\":{\"jsonRaw\":\"{\\\\\"a\\\\\":\\\\\"b\\\\\"}\",\"type\":\"JsonRaw\"},\"name\":\"all\"},"),
          // A mark of the library that upstream applies some kinds with.
          Deliberate.of(
              "\"annotations\":\\{\"operator.openshift.io/spec-hash\":\"[0-9a-f]+\"\\},", ""));

  /// Our agent goes on after upstream's sentence and says why.
  private static final Pattern WHY =
      Pattern.compile("(?<=will try again in 1m0s); [^|\"]*(\\\\\"[^|\"]*)*");

  private static final String AGENTS = "open-cluster-management-agent";
  private static final String SECRET = "hub-kubeconfig-go-nave";

  private static final String FLEET =
      """
      apiVersion: v1
      kind: Namespace
      metadata: {name: fleet}
      ---
      apiVersion: cluster.open-cluster-management.io/v1beta2
      kind: ManagedClusterSet
      metadata: {name: fleet}
      spec: {clusterSelector: {selectorType: LabelSelector, labelSelector: {matchLabels: {fleet: "yes"}}}}
      ---
      apiVersion: cluster.open-cluster-management.io/v1beta2
      kind: ManagedClusterSetBinding
      metadata: {name: fleet, namespace: fleet}
      spec: {clusterSet: fleet}
      ---
      apiVersion: cluster.open-cluster-management.io/v1beta1
      kind: Placement
      metadata: {name: fleet, namespace: fleet}
      spec: {clusterSets: [fleet]}
      ---
      apiVersion: work.open-cluster-management.io/v1alpha1
      kind: ManifestWorkReplicaSet
      metadata: {name: fleet, namespace: fleet}
      spec:
        placementRefs: [{name: fleet}]
        manifestWorkTemplate:
          workload:
            manifests:
            - {apiVersion: v1, kind: ConfigMap, metadata: {name: fleet, namespace: nave-go-place}, data: {a: b}}
      """;

  private final Path folder = Folders.fresh(getClass());
  private final Parts parts = new Parts();
  private final List<UpstreamAgent> theirs = new ArrayList<>();
  private KubeCluster cluster;
  private UpstreamHub upstream;
  private HubProgram ours;
  private Kubectl onOurs;
  private WorkPair reference;
  private List<WorkPair> others = List.of();

  @BeforeAll
  void start() {
    ours = parts.open(HubProgram.start(folder));
    onOurs = new Kubectl(folder, ours.administrator());
    cluster = parts.open(KubeCluster.start(Until.HOST, "real", folder, false));
    upstream = parts.open(UpstreamHub.on(cluster, folder));
    upstream.control("registration", "controller");
    upstream.control("work", "manager");
    upstream.control("placement", "controller");
    var onUpstream = upstream.kubectl();
    onUpstream.ok("create", "namespace", AGENTS);
    onUpstream.apply(
        """
        apiVersion: cluster.open-cluster-management.io/v1alpha1
        kind: ClusterClaim
        metadata: {name: region.example.io}
        spec: {value: north}
        """);
    reference = new WorkPair("go-go", onUpstream, onUpstream);
    others =
        List.of(
            new WorkPair("go-nave", onOurs, onUpstream),
            new WorkPair("nave-nave", onOurs, onUpstream),
            new WorkPair("nave-go", onUpstream, onUpstream));
  }

  @AfterAll
  void stop() {
    parts.close();
  }

  @Test
  @Order(1)
  void upstreamsAgentsJoinOurHubAndTheirs() {
    join("go-nave", ours.bootstrap("go-nave"));
    join("go-go", upstream.bootstrap());
    UpstreamHub.accept(onOurs, "go-nave");
    upstream.accept("go-go");
    theirs.forEach(UpstreamAgent::work);
  }

  private void join(String name, Path bootstrap) {
    theirs.add(parts.open(UpstreamAgent.start(name, folder, bootstrap, cluster.kubeconfig())));
  }

  @Test
  @Order(2)
  void ourAgentsJoinUpstreamsHubAndOurs() {
    var bootstrap = ours.bootstrap("nave-nave");
    var agent = ours.join("nave-nave", bootstrap, cluster.kubeconfig());
    var foreign = ours.join("nave-go", upstream.bootstrap(), cluster.kubeconfig());
    agent.awaitLine("cluster nave-nave waits to be accepted");
    ours.accept("nave-nave");
    foreign.awaitLine("cluster nave-go waits to be accepted");
    upstream.accept("nave-go");
    agent.awaitLine("cluster nave-nave is managed by the hub");
    foreign.awaitLine("cluster nave-go is managed by the hub");
  }

  @Test
  @Order(3)
  void allReportTheSameOfTheirCluster() {
    Until.equals(
        "upstream's agent on upstream's hub to be joined and available",
        "[HubAcceptedManagedCluster True, ManagedClusterConditionAvailable True,"
            + " ManagedClusterConditionClockSynced True, ManagedClusterJoined True]",
        () -> conditions(reference).toString());
    for (var pair : others) {
      var seen = new String[] {"", ""};
      Until.present(
          pair.cluster() + " to be as upstream's agent on upstream's hub",
          Until.AT_MOST,
          () -> {
            seen[0] = clusterOf(reference); // it may have more to tell
            seen[1] = clusterOf(pair);
            return seen[0].equals(seen[1]) ? Optional.of(true) : Optional.empty();
          },
          () -> "; expected " + seen[0] + ", last seen " + seen[1]);
      Until.holds(
          pair.cluster() + "'s lease to be renewed",
          () ->
              !pair.onHub()
                  .json("get", "lease", "managed-cluster-lease", "-n", pair.cluster())
                  .at("/spec/renewTime")
                  .asString("")
                  .isEmpty());
    }
  }

  @Test
  @Order(4)
  void theSameWorksAreAppliedAndReportedAlike() {
    pairs().forEach(WorkPair::prepare);
    asked("spec");
  }

  @Test
  @Order(5)
  void changesAreAppliedAndReportedAlikeAlsoWhereSomebodyInterfered() {
    pairs().forEach(WorkPair::interfere);
    asked("changed");
  }

  @Test
  @Order(6)
  void whatTheWorksHeldGoesOrStaysAlike() {
    pairs().forEach(WorkPair::delete);
    pairs()
        .forEach(
            pair -> Until.equals(pair.cluster() + "'s works to be gone", Map.of(), pair::reports));
    alike("objects", "deleted", WorkPair::objects);
  }

  @Test
  @Order(7)
  void upstreamsReplicaSetReachesOurAgentAndSumsUpWhatItReports() {
    var onHub = upstream.kubectl();
    onHub.ok("label", "managedcluster", "nave-go", "fleet=yes");
    onHub.apply(FLEET);
    Until.equals(
        "the replica set's object in nave-go",
        "b",
        () ->
            onHub
                .run(
                    "",
                    "get",
                    "configmap",
                    "fleet",
                    "-n",
                    "nave-go-place",
                    "-o",
                    "jsonpath={.data.a}")
                .out());
    Until.equals(
        "the replica set to count it",
        "1 1 1",
        () -> {
          var summary =
              onHub
                  .json("get", "manifestworkreplicaset", "fleet", "-n", "fleet")
                  .at("/status/summary");
          return "%d %d %d"
              .formatted(
                  summary.path("total").asInt(0),
                  summary.path("Applied").asInt(0),
                  summary.path("available").asInt(0));
        });
  }

  /// Its certificate is taken out of the Secret it keeps it in. It then asks for another with the
  /// one it holds: a renewal, without waiting for a certificate's last quarter.
  @Test
  @Order(8)
  void ourHubRenewsTheCertificateOfUpstreamsAgentByItself() {
    var before = certificate();
    var patch = "[{\"op\": \"remove\", \"path\": \"/data/tls.crt\"}]";
    upstream.kubectl().ok("patch", "secret", SECRET, "-n", AGENTS, "--type=json", "-p", patch);

    Until.holds(
        "a new certificate of go-nave",
        () -> !certificate().isEmpty() && !certificate().equals(before));
    var requests =
        onOurs
            .json("get", "csr", "-l", "open-cluster-management.io/cluster-name=go-nave")
            .path("items")
            .valueStream()
            .map(each ->
                each.at("/spec/username").asString("")
                    + " "
                    + each.at("/status/conditions/0/reason").asString(""))
            .toList();
    assertThat(requests)
        .contains(
            "system:open-cluster-management:go-nave:agent-of-go-nave"
                + " AutoApprovedByHubCSRApprovingController");
  }

  /// As upstream's agent keeps it; empty while there is none.
  private String certificate() {
    return upstream
        .kubectl()
        .run("", "get", "secret", SECRET, "-n", AGENTS, "-o", "jsonpath={.data.tls\\.crt}")
        .out();
  }

  @Test
  @Order(9)
  void nobodyToldASecret() {
    for (var agent : List.of("nave-go", "nave-nave")) {
      assertThat(read(folder.resolve("agent-" + agent + ".err"))).doesNotContain("PRIVATE KEY");
    }
  }

  private void asked(String spec) {
    pairs().forEach(each -> each.apply(spec));
    Until.holds("upstream's agent on upstream's hub to report", reference::settled);
    alike("reports", spec, WorkPair::reports);
    alike("objects", spec, WorkPair::objects);
  }

  private List<WorkPair> pairs() {
    var all = new ArrayList<>(List.of(reference));
    all.addAll(others);
    return all;
  }

  /// Waits until all pairs show the same. What they showed last stays in files, to look at.
  private void alike(String what, String phase, Function<WorkPair, Map<String, JsonNode>> look) {
    for (var pair : others) {
      var differences = new ArrayList<String>();
      Until.present(
          pair.cluster() + "'s " + what + " to be as upstream's on upstream's hub",
          Until.AT_MOST,
          () -> {
            differences.clear();
            differences.addAll(
                differences(
                    keep(phase + "-" + what, reference, look),
                    keep(phase + "-" + what, pair, look),
                    pair.cluster().startsWith("nave-")));
            return differences.isEmpty() ? Optional.of(true) : Optional.empty();
          },
          () -> ":\n" + String.join("\n", differences));
    }
  }

  private Map<String, String> keep(
      String file, WorkPair pair, Function<WorkPair, Map<String, JsonNode>> look) {
    var shown = new TreeMap<String, String>();
    look.apply(pair).forEach((name, each) -> shown.put(name, Json.text(each)));
    var text = new StringBuilder();
    shown.forEach((name, each) -> text.append(name).append(": ").append(each).append('\n'));
    try {
      Files.writeString(folder.resolve("saw-" + file + "-" + pair.cluster()), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return shown;
  }

  private static List<String> differences(
      Map<String, String> theirs, Map<String, String> seen, boolean ours) {
    var differences = new ArrayList<String>();
    var names = new TreeSet<>(theirs.keySet());
    names.addAll(seen.keySet());
    for (var name : names) {
      var expected = theirs.getOrDefault(name, "nothing");
      var actual = WHY.matcher(seen.getOrDefault(name, "nothing")).replaceAll("");
      if (ours) {
        for (var each : DELIBERATE) {
          expected = each.theirs().matcher(expected).replaceAll(each.ours());
        }
      }
      if (!expected.equals(actual)) {
        differences.add(name + "\n  expected " + expected + "\n  was      " + actual);
      }
    }
    return differences;
  }

  private static TreeSet<String> conditions(WorkPair pair) {
    var shown = new TreeSet<String>();
    for (var each : cluster(pair).at("/status/conditions")) {
      // Upstream's agents say so themselves only since later than 2024.
      if (!each.path("type").asString("").equals("ClusterCertificateRotated")) {
        shown.add(each.path("type").asString("") + " " + each.path("status").asString(""));
      }
    }
    return shown;
  }

  private static String clusterOf(WorkPair pair) {
    var cluster = cluster(pair);
    return String.join(
        "\n",
        conditions(pair).toString(),
        Json.text(cluster.at("/status/version")),
        Json.text(cluster.at("/status/clusterClaims")),
        Json.text(cluster.at("/status/capacity")),
        cluster.at("/spec/leaseDurationSeconds").asString("none"));
  }

  private static JsonNode cluster(WorkPair pair) {
    return pair.onHub().json("get", "managedcluster", pair.cluster());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
