package io.nave.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.api.Yaml;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.hub.Hub;
import io.nave.hub.HubConfig;
import io.nave.placement.api.PlacementDecision;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `nave why work`, `nave diff` and `nave rollout`, as typed, on a real hub in this process. The
/// agent's part is played by the test.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkCommandsIT {
  private static final ResourceType SET = ResourceType.of(ManifestWorkReplicaSet.class);
  private static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final ResourceType DECISION = ResourceType.of(PlacementDecision.class);
  private static final Duration AT_MOST = Duration.ofMinutes(1);
  private static final Key SHOP = Key.of("default", "shop");

  @TempDir private static Path folder;
  private final Parts parts = new Parts();
  private RealHost host;
  private Path kubeconfig;
  private RemoteClient client;

  @BeforeAll
  void start() throws Exception {
    host = parts.open(RealHost.start("work-commands"));
    var hub = parts.open(Hub.start(host, HubConfig.of(folder, "127.0.0.1", 0)));
    kubeconfig = hub.administratorFile();
    var config = Kubeconfig.read(Files.readString(kubeconfig));
    client = new RemoteClient(host, parts.open(HttpsTransport.open(host, config)), "test");
    create(CLUSTER, "{metadata: {name: east}, spec: {hubAcceptsClient: true}}");
    eventually(
        "the cluster's namespace",
        () ->
            client
                .find(ResourceType.of("", "v1", "Namespace", "namespaces", false), Key.of("east"))
                .isPresent());
  }

  @AfterAll
  void stop() {
    parts.close();
  }

  private void create(ResourceType type, String yaml) {
    client.create(type, ApiObject.of(Yaml.parseAll(yaml).getFirst()));
  }

  private void merge(ResourceType type, Key key, String subresource, String yaml) {
    var patch = new Patch(Patch.Form.MERGE, Yaml.parseAll(yaml).getFirst());
    client.patch(type, key, subresource, patch);
  }

  private void eventually(String what, BooleanSupplier there) {
    var until = host.nanoTime() + AT_MOST.toNanos();
    while (!there.getAsBoolean()) {
      assertThat(host.nanoTime()).as(what).isLessThan(until);
      host.sleep(Duration.ofMillis(20));
    }
  }

  /// What a command says, once it says so.
  private String told(Predicate<String> wanted, String... words) {
    var until = host.nanoTime() + AT_MOST.toNanos();
    while (true) {
      var said = nave(0, words);
      if (wanted.test(said)) {
        return said;
      }
      assertThat(host.nanoTime()).as(said).isLessThan(until);
      host.sleep(Duration.ofMillis(50));
    }
  }

  private String nave(int exit, String... words) {
    var all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--kubeconfig";
    all[words.length + 1] = kubeconfig.toString();
    var text = new ByteArrayOutputStream();
    var stream = new PrintStream(text, true, StandardCharsets.UTF_8);
    var out = System.out;
    var err = System.err;
    System.setOut(stream);
    System.setErr(stream);
    try {
      assertThat(Nave.run(all)).as(text.toString(StandardCharsets.UTF_8)).isEqualTo(exit);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whyAndDiffTellWhatHubAndAgentKnowOfAWork() {
    assertThat(nave(0, "why", "work", "web", "-n", "nowhere"))
        .contains("NoSuchCluster", "NoSuchWork", "next:  kubectl get managedclusters");
    create(
        WORK,
        "{metadata: {name: web, namespace: east}, spec: {workload: {manifests: [{apiVersion: v1,"
            + " kind: ConfigMap, metadata: {name: c, namespace: shop}, data: {v: '1'}}]}}}");
    assertThat(nave(0, "why", "work", "web", "-n", "east"))
        .contains("work web is not ready in cluster east", "NotSeenByAgent");
    assertThat(nave(0, "diff", "web", "-n", "east"))
        .isEqualTo("the agent has not reported on this work yet\n");

    var key = Key.of("east", "web");
    merge(WORK, key, "", "{metadata: {finalizers: [" + ManifestWork.FINALIZER + "]}}");
    merge(WORK, key, "status", status("False", "AppliedManifestFailed", "quota: no room"));
    assertThat(nave(0, "why", "work", "web", "-n", "east"))
        .contains("manifest 0: ConfigMap shop/c", "AppliedManifestFailed: quota: no room")
        .contains("next:  read the message; in east: kubectl get configmaps c -n shop -o yaml");
    assertThat(nave(0, "diff", "web", "-n", "east"))
        .isEqualTo("ConfigMap shop/c: not applied: quota: no room\n");

    merge(WORK, key, "status", status("True", "AppliedManifestComplete", ""));
    assertThat(nave(0, "diff", "web", "-n", "east")).isEqualTo("ConfigMap shop/c: as wanted\n");
  }

  private static String status(String applied, String reason, String message) {
    var time = "lastTransitionTime: '2026-11-26T00:00:00Z', observedGeneration: 1";
    var available = "{type: Available, status: 'True', reason: ResourceAvailable, " + time + "}";
    return """
    status:
      conditions:
      - {type: Applied, status: '%s', reason: AppliedManifestWorkComplete, %s}
      - %s
      resourceStatus:
        manifests:
        - resourceMeta: {ordinal: 0, version: v1, kind: ConfigMap, resource: configmaps, name: c, namespace: shop}
          conditions:
          - {type: Applied, status: '%s', reason: %s, message: '%s', %s}
          - %s
    """
        .formatted(applied, time, available, applied, reason, message, time, available);
  }

  @Test
  void aRolloutIsSeenHeldAndTurnedBack() {
    choose("all");
    create(SET, set("shop", "all"));
    told(
        said -> said.startsWith("revision 1: 1 of 1 clusters have it"),
        "rollout",
        "status",
        "shop");

    merge(SET, SHOP, "", "{spec: {manifestWorkTemplate: " + template("2") + "}}");
    told(said -> said.startsWith("revision 2: 1 of 1"), "rollout", "status", "shop");
    assertThat(nave(0, "rollout", "history", "shop")).contains("revision 1 of", "revision 2 of");
    assertThat(version("shop")).isEqualTo("2");

    assertThat(nave(0, "rollout", "pause", "shop")).isEqualTo("paused\n");
    merge(SET, SHOP, "", "{spec: {manifestWorkTemplate: " + template("3") + "}}");
    told(said -> said.contains("(paused)"), "rollout", "status", "shop");
    assertThat(version("shop")).isEqualTo("2");

    assertThat(nave(0, "rollout", "undo", "shop", "--to-revision", "1"))
        .isEqualTo("going back to what revision 1 said\n");
    eventually("the first version", () -> version("shop").equals("1"));
    assertThat(nave(1, "rollout", "undo", "shop", "--to-revision", "99"))
        .contains("there is no revision 99; see: nave rollout history shop");
    assertThat(nave(1, "rollout", "abort", "shop")).contains("no rollout of it was ever complete");
    assertThat(nave(0, "rollout", "resume", "shop")).isEqualTo("resumed\n");
  }

  @Test
  void anAbortedRolloutGoesBackToWhatWasComplete() {
    choose("one");
    create(SET, set("cart", "one"));
    eventually("the work", () -> version("cart").equals("1"));
    var work = works("cart").findFirst().orElseThrow();
    merge(
        WORK,
        work.key(),
        "status",
        "{status: {conditions: [%s, %s, %s]}}"
            .formatted(
                condition("Applied", "True"),
                condition("Available", "True"),
                condition("Progressing", "False")));
    told(said -> said.matches("(?s).*PlacementRolledOut +True.*"), "rollout", "status", "cart");

    var cart = Key.of("default", "cart");
    merge(SET, cart, "", "{spec: {manifestWorkTemplate: " + template("2") + "}}");
    eventually("the second version", () -> version("cart").equals("2"));
    assertThat(nave(0, "rollout", "abort", "cart"))
        .isEqualTo("going back to what revision 1 said\n");
    eventually("the first version", () -> version("cart").equals("1"));
  }

  private static String condition(String type, String status) {
    return "{type: %s, status: '%s', reason: AsTheTestSays, message: '', observedGeneration: 1, lastTransitionTime: '2026-11-26T00:00:00Z'}"
        .formatted(type, status);
  }

  /// A Placement that chose the one cluster.
  private void choose(String placement) {
    create(
        DECISION,
        "{metadata: {name: %s-decision-1, namespace: default, labels: {cluster.open-cluster-management.io/placement: %s}}}"
            .formatted(placement, placement));
    merge(
        DECISION,
        Key.of("default", placement + "-decision-1"),
        "status",
        "{status: {decisions: [{clusterName: east, reason: ''}]}}");
  }

  private static String set(String name, String placement) {
    return "{metadata: {name: %s, namespace: default}, spec: {placementRefs: [{name: %s, rolloutStrategy: {type: All}}], manifestWorkTemplate: %s}}"
        .formatted(name, placement, template("1"));
  }

  private static String template(String version) {
    return "{workload: {manifests: [{apiVersion: v1, kind: ConfigMap, metadata: {name: c, namespace:"
        + " shop}, data: {v: '"
        + version
        + "'}}]}}";
  }

  /// Of the work that a set made in the one cluster.
  private String version(String set) {
    return works(set)
        .map(work -> work.at("/spec/workload/manifests/0/data/v").asString("?"))
        .findFirst()
        .orElse("");
  }

  private Stream<ApiObject> works(String set) {
    return client.list(WORK, "east", Selection.all()).items().stream()
        .filter(work -> work.name().startsWith(set + "-"));
  }
}
