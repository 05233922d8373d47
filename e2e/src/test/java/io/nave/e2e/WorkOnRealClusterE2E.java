package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.agent.work.WorkAgent;
import io.nave.agent.work.WorkSettings;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.controllers.Discovery;
import io.nave.controllers.Fabric8Transport;
import io.nave.controllers.Kubeconfig;
import io.nave.controllers.RemoteClient;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The work side of an agent between two real Kubernetes APIs: a kube-apiserver with the CRDs is
/// the hub, and the same one is the cluster, so that what upstream's hub would store and validate
/// is what the agent writes.
@NeedsKubernetes
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkOnRealClusterE2E {
  /// Works with as many objects as the issue asks for only with `-Dlong=true`.
  private static final int MANY = Boolean.getBoolean("long") ? 1_000 : 100;

  private final Path folder = Folders.fresh(getClass());
  private final Parts parts = new Parts();
  private Kubectl kubectl;

  @BeforeAll
  void start() throws IOException {
    assumeTrue(KubeAssets.customResourcesMissing().isEmpty(), "needs custom resources");
    var host = parts.open(RealHost.start("e2e-work"));
    var cluster = parts.open(KubeCluster.start(host, "real", folder, false));
    kubectl = new Kubectl(folder, cluster.kubeconfig());
    for (var kind : List.of("manifestworks", "appliedmanifestworks")) {
      kubectl.apply(Json.text(open(kind)));
    }
    kubectl.ok("create", "namespace", "east");
    kubectl.ok("create", "namespace", "shop");
    Until.equals(
        "works to be served",
        0,
        () -> kubectl.run("", "get", "manifestworks,appliedmanifestworks").exit());
    var config = Kubeconfig.read(Files.readString(cluster.kubeconfig()));
    var transport = parts.open(Fabric8Transport.open(host, config));
    var client = new RemoteClient(host, transport, "nave-agent");
    var discovery = new Discovery(host, transport);
    var agent =
        parts.open(
            WorkAgent.start(
                host,
                WorkSettings.of("east", config.server(), folder.resolve("agent")),
                client,
                discovery::find,
                new SimpleMeterRegistry()));
    agent.onHubClient(client);
  }

  /// The kind without its schema: this kube-apiserver, of 2020 and built by a Go of today, takes an
  /// empty text in a custom resource for null and finds it invalid.
  private static JsonNode open(String kind) throws IOException {
    var file = Path.of("../deploy/crds", kind + ".work.open-cluster-management.io.yaml");
    var definition = Yaml.parseAll(Files.readString(file)).getFirst();
    for (var version : definition.at("/spec/versions")) {
      ((ObjectNode) version)
          .putObject("schema")
          .putObject("openAPIV3Schema")
          .put("type", "object")
          .put("x-kubernetes-preserve-unknown-fields", true);
    }
    return definition;
  }

  @AfterAll
  void stop() {
    parts.close();
  }

  private static String configMap(String name, String value) {
    return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"shop\"},\"data\":{\"key\":\"%s\"}}"
        .formatted(name, value);
  }

  private void work(String name, String more, List<String> manifests) {
    var work =
        "{\"apiVersion\":\"work.open-cluster-management.io/v1\",\"kind\":\"ManifestWork\",\"metadata\":{\"name\":\"%s\",\"namespace\":\"east\"},\"spec\":{%s\"workload\":{\"manifests\":[%s]}}}"
            .formatted(name, more, String.join(",", manifests));
    kubectl.run(work, "apply", "--validate=false", "-f", "-").ok();
  }

  private static String config(String resource, String name, String more) {
    return "\"manifestConfigs\":[{\"resourceIdentifier\":{\"group\":\"%s\",\"resource\":\"%s\",\"namespace\":\"shop\",\"name\":\"%s\"},%s}],"
        .formatted(resource.equals("deployments") ? "apps" : "", resource, name, more);
  }

  private JsonNode status(String work) {
    return kubectl.json("get", "manifestwork", "-n", "east", work).path("status");
  }

  /// Such as `True AppliedManifestWorkComplete Apply manifest work complete`.
  private String condition(String work, String type) {
    return find(status(work).path("conditions"), type);
  }

  private String manifestCondition(String work, int ordinal, String type) {
    return find(status(work).at("/resourceStatus/manifests/" + ordinal + "/conditions"), type);
  }

  private static String find(JsonNode conditions, String type) {
    for (var condition : conditions) {
      if (condition.path("type").asString("").equals(type)) {
        return String.join(
            " ",
            condition.path("status").asString(""),
            condition.path("reason").asString(""),
            condition.path("message").asString(""));
      }
    }
    return "";
  }

  private String value(String configMap) {
    var found =
        kubectl.run("", "get", "configmap", "-n", "shop", configMap, "-o", "jsonpath={.data.key}");
    return found.exit() == 0 ? found.out().strip() : "";
  }

  @Test
  void speaksUpstreamsLanguageToAHubThatIsAKubeApiServer() {
    var deployment =
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"},\"spec\":{\"replicas\":2,\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"}]}}}}";
    work(
        "plain",
        config(
            "deployments",
            "web",
            "\"feedbackRules\":[{\"type\":\"JSONPaths\",\"jsonPaths\":[{\"name\":\"wanted\",\"path\":\".spec.replicas\"},{\"name\":\"labels\",\"path\":\".spec.selector.matchLabels\"}]}],\"conditionRules\":[{\"type\":\"CEL\",\"condition\":\"Progressing\",\"celExpressions\":[\"object.spec.replicas > 1\"]}]"),
        List.of(configMap("plain", "1"), deployment));
    Until.equals(
        "the work to be applied",
        "True AppliedManifestWorkComplete Apply manifest work complete",
        () -> condition("plain", "Applied"));
    Until.equals(
        "the work to be available",
        "True ResourcesAvailable All resources are available",
        () -> condition("plain", "Available"));
    assertThat(condition("plain", "Progressing"))
        .isEqualTo("True ConditionRulesAggregated Aggregated from 1 manifest conditions");
    assertThat(manifestCondition("plain", 0, "Applied"))
        .isEqualTo("True AppliedManifestComplete Apply manifest complete");
    assertThat(manifestCondition("plain", 0, "Available"))
        .isEqualTo("True ResourceAvailable Resource is available");
    assertThat(manifestCondition("plain", 0, "StatusFeedbackSynced"))
        .isEqualTo("True NoStatusFeedbackSynced ");
    assertThat(manifestCondition("plain", 1, "Progressing"))
        .isEqualTo("True ConditionRuleEvaluated Manifest is Progressing");
    var values = status("plain").at("/resourceStatus/manifests/1/statusFeedback/values");
    assertThat(values.at("/0/fieldValue/integer").asInt(0)).isEqualTo(2);
    assertThat(values.at("/1/fieldValue/jsonRaw").asString("")).isEqualTo("{\"a\":\"b\"}");
    kubectl.ok(
        "patch",
        "configmap",
        "-n",
        "shop",
        "plain",
        "--type=merge",
        "-p",
        "{\"data\":{\"key\":\"drift\"}}");
    Until.equals("drift to be repaired", "1", () -> value("plain"));
    kubectl.ok("delete", "manifestwork", "-n", "east", "plain", "--wait=true", "--timeout=60s");
    assertThat(kubectl.run("", "get", "configmap", "-n", "shop", "plain").exit()).isNotZero();
  }

  @Test
  void aKindAndItsObjectMayStandInAnyOrder() {
    var widget =
        "{\"apiVersion\":\"example.io/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\",\"namespace\":\"shop\"},\"spec\":{\"size\":1}}";
    var definition =
        "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"widgets.example.io\"},\"spec\":{\"group\":\"example.io\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"widgets\",\"singular\":\"widget\",\"kind\":\"Widget\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}}]}}";
    work("kinds", "", List.of(widget, definition));
    Until.equals(
        "both to be applied", true, () -> condition("kinds", "Applied").startsWith("True"));
    assertThat(kubectl.ok("get", "widget", "-n", "shop", "w", "-o", "name")).contains("w");
  }

  @Test
  void namesTheOtherOwnerOfAFieldAndTakesItOverOnlyWhenTold() {
    var other = configMap("contested", "theirs");
    assertThat(
            kubectl
                .run(other, "apply", "--server-side", "--field-manager=someone", "-f", "-")
                .exit())
        .isZero();
    work(
        "apply",
        config("configmaps", "contested", "\"updateStrategy\":{\"type\":\"ServerSideApply\"}"),
        List.of(configMap("contested", "ours")));
    Until.contains(
        "the conflict to be named",
        "conflict with \"someone\"",
        () -> manifestCondition("apply", 0, "Applied"));
    assertThat(value("contested")).isEqualTo("theirs");
    work(
        "apply",
        config(
            "configmaps",
            "contested",
            "\"updateStrategy\":{\"type\":\"ServerSideApply\",\"serverSideApply\":{\"force\":true}}"),
        List.of(configMap("contested", "ours")));
    Until.equals("the field to be taken over", "ours", () -> value("contested"));
    Until.equals(
        "success to be told", true, () -> condition("apply", "Applied").startsWith("True"));
  }

  @Test
  void leavesAloneWhatItIsToldTo() {
    kubectl.apply(configMap("watched", "theirs"));
    work(
        "once",
        config("configmaps", "once", "\"updateStrategy\":{\"type\":\"CreateOnly\"}"),
        List.of(configMap("once", "1")));
    work(
        "watched",
        config("configmaps", "watched", "\"updateStrategy\":{\"type\":\"ReadOnly\"}"),
        List.of(configMap("watched", "1")));
    Until.equals("it to be made", "1", () -> value("once"));
    kubectl.ok(
        "patch",
        "configmap",
        "-n",
        "shop",
        "once",
        "--type=merge",
        "-p",
        "{\"data\":{\"key\":\"2\"}}");
    Until.contains(
        "the difference to be told",
        "wanted \"1\", is \"2\"",
        () -> manifestCondition("once", 0, "work.nave.io/InSync"));
    Until.contains(
        "the difference to be told",
        "wanted \"1\", is \"theirs\"",
        () -> manifestCondition("watched", 0, "work.nave.io/InSync"));
    assertThat(value("once")).isEqualTo("2");
    assertThat(value("watched")).isEqualTo("theirs");
  }

  @Test
  void triesOutWithoutWriting() {
    work("dry", "\"dryRun\":true,", List.of(configMap("dry", "1"), configMap("BAD_NAME", "1")));
    Until.equals(
        "it to be tried",
        "False DryRun would be created",
        () -> manifestCondition("dry", 0, "Applied"));
    assertThat(manifestCondition("dry", 1, "Applied"))
        .startsWith("False DryRun would be refused: ");
    assertThat(kubectl.run("", "get", "configmap", "-n", "shop", "dry").exit()).isNotZero();
  }

  @Test
  void writesForAnExecutorOnlyWhatThatMayWrite() {
    kubectl.ok("create", "serviceaccount", "-n", "shop", "limited");
    kubectl.ok(
        "create",
        "role",
        "limited",
        "-n",
        "shop",
        "--verb=get,create,update,patch,delete",
        "--resource=configmaps");
    kubectl.ok(
        "create",
        "rolebinding",
        "limited",
        "-n",
        "shop",
        "--role=limited",
        "--serviceaccount=shop:limited");
    var role =
        "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"Role\",\"metadata\":{\"name\":\"more\",\"namespace\":\"shop\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"verbs\":[\"get\"]}]}";
    work(
        "executor",
        "\"executor\":{\"subject\":{\"type\":\"ServiceAccount\",\"serviceAccount\":{\"namespace\":\"shop\",\"name\":\"limited\"}}},",
        List.of(configMap("executor", "1"), role));
    Until.equals("what it may", "1", () -> value("executor"));
    Until.contains(
        "what it may not",
        "not allowed to apply the resource",
        () -> manifestCondition("executor", 1, "Applied"));
    kubectl.ok(
        "create",
        "role",
        "roles",
        "-n",
        "shop",
        "--verb=get,create,update,patch,delete",
        "--resource=roles.rbac.authorization.k8s.io");
    kubectl.ok(
        "create",
        "rolebinding",
        "roles",
        "-n",
        "shop",
        "--role=roles",
        "--serviceaccount=shop:limited");
    kubectl.ok("annotate", "manifestwork", "-n", "east", "executor", "again=yes");
    work(
        "executor2",
        "\"executor\":{\"subject\":{\"type\":\"ServiceAccount\",\"serviceAccount\":{\"namespace\":\"shop\",\"name\":\"limited\"}}},",
        List.of(role.replace("\"more\"", "\"still-more\"")));
    Until.contains(
        "no rights to be given away",
        "would give rights it does not hold",
        () -> manifestCondition("executor2", 0, "Applied"));
  }

  @Test
  void oneBadManifestDelaysNobody() {
    kubectl.ok("create", "namespace", "stuck");
    kubectl.apply(
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"anchor\",\"namespace\":\"stuck\",\"finalizers\":[\"example.io/never\"]}}");
    kubectl.ok("delete", "namespace", "stuck", "--wait=false");
    work(
        "mixed",
        "",
        List.of(configMap("late", "1").replace("\"shop\"", "\"stuck\""), configMap("prompt", "1")));
    Until.equals("the good one", "1", () -> value("prompt"));
    Until.contains(
        "the reason",
        "because it is being terminated",
        () -> manifestCondition("mixed", 0, "Applied"));
  }

  @Test
  void appliesALargeWorkAndTakesItAwayAgain() {
    var manifests = new ArrayList<String>();
    for (int i = 0; i < MANY; i++) {
      manifests.add(configMap("many-%04d".formatted(i), "1"));
    }
    work("many", "", manifests);
    Until.equals("all to be applied", true, () -> condition("many", "Applied").startsWith("True"));
    assertThat(value("many-%04d".formatted(MANY - 1))).isEqualTo("1");
    kubectl.ok("delete", "manifestwork", "-n", "east", "many", "--wait=true", "--timeout=60s");
    assertThat(kubectl.ok("get", "configmaps", "-n", "shop", "-o", "name")).doesNotContain("many-");
  }
}
