package io.nave.e2e;

import static io.nave.e2e.RealWorks.config;
import static io.nave.e2e.RealWorks.configMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What works do on a real Kubernetes API, and what an agent makes of it; see [RealWorks].
@NeedsKubernetes
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkOnRealClusterE2E {
  /// Works with as many objects as the issue asks for only with `-Dlong=true`.
  private static final int MANY = Boolean.getBoolean("long") ? 1_000 : 100;

  private RealWorks real;

  @BeforeAll
  void start() throws IOException {
    assumeTrue(KubeAssets.customResourcesMissing().isEmpty(), "needs custom resources");
    real = new RealWorks(Folders.fresh(getClass()));
  }

  @AfterAll
  void stop() {
    if (real != null) {
      real.close();
    }
  }

  @Test
  void speaksUpstreamsLanguageToAHubThatIsAKubeApiServer() {
    var deployment =
        "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\"},\"spec\":{\"replicas\":2,\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"}]}}}}";
    real.work(
        "plain",
        config(
            "deployments",
            "web",
            "\"feedbackRules\":[{\"type\":\"JSONPaths\",\"jsonPaths\":[{\"name\":\"wanted\",\"path\":\".spec.replicas\"},{\"name\":\"labels\",\"path\":\".spec.selector.matchLabels\"}]}],\"conditionRules\":[{\"type\":\"CEL\",\"condition\":\"Progressing\",\"celExpressions\":[\"object.spec.replicas > 1\"]}]"),
        List.of(configMap("plain", "1"), deployment));
    Until.equals(
        "the work to be applied",
        "True AppliedManifestWorkComplete Apply manifest work complete",
        () -> real.condition("plain", "Applied"));
    Until.equals(
        "the work to be available",
        "True ResourcesAvailable All resources are available",
        () -> real.condition("plain", "Available"));
    Until.equals(
        "the work's own condition",
        "True ConditionRulesAggregated Aggregated from 1 manifest conditions",
        () -> real.condition("plain", "Progressing"));
    assertThat(real.manifestCondition("plain", 0, "Applied"))
        .isEqualTo("True AppliedManifestComplete Apply manifest complete");
    assertThat(real.manifestCondition("plain", 0, "Available"))
        .isEqualTo("True ResourceAvailable Resource is available");
    assertThat(real.manifestCondition("plain", 0, "StatusFeedbackSynced"))
        .isEqualTo("True NoStatusFeedbackSynced ");
    assertThat(real.manifestCondition("plain", 1, "Progressing"))
        .isEqualTo("True ConditionRuleEvaluated Manifest is Progressing");
    var values = real.status("plain").at("/resourceStatus/manifests/1/statusFeedback/values");
    assertThat(values.at("/0/fieldValue/integer").asInt(0)).isEqualTo(2);
    assertThat(values.at("/1/fieldValue/jsonRaw").asString("")).isEqualTo("{\"a\":\"b\"}");
    real.kubectl.ok(
        "patch",
        "configmap",
        "-n",
        "shop",
        "plain",
        "--type=merge",
        "-p",
        "{\"data\":{\"key\":\"drift\"}}");
    Until.equals("drift to be repaired", "1", () -> real.value("plain"));
    real.kubectl.ok(
        "delete", "manifestwork", "-n", "east", "plain", "--wait=true", "--timeout=180s");
    assertThat(real.kubectl.run("", "get", "configmap", "-n", "shop", "plain").exit()).isNotZero();
  }

  @Test
  void aKindAndItsObjectMayStandInAnyOrder() {
    var widget =
        "{\"apiVersion\":\"example.io/v1\",\"kind\":\"Widget\",\"metadata\":{\"name\":\"w\",\"namespace\":\"shop\"},\"spec\":{\"size\":1}}";
    var definition =
        "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"widgets.example.io\"},\"spec\":{\"group\":\"example.io\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"widgets\",\"singular\":\"widget\",\"kind\":\"Widget\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}},{\"name\":\"v2\",\"served\":true,\"storage\":false,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}}]}}";
    var feedback =
        "\"manifestConfigs\":[{\"resourceIdentifier\":{\"group\":\"example.io\",\"resource\":\"widgets\",\"namespace\":\"shop\",\"name\":\"w\"},\"feedbackRules\":[{\"type\":\"JSONPaths\",\"jsonPaths\":[{\"name\":\"seen\",\"path\":\".apiVersion\",\"version\":\"v2\"}]}]}],";
    real.work("kinds", feedback, List.of(widget, definition));
    Until.equals(
        "both to be applied", true, () -> real.condition("kinds", "Applied").startsWith("True"));
    assertThat(real.kubectl.ok("get", "widget", "-n", "shop", "w", "-o", "name")).contains("w");
    Until.equals(
        "feedback in the version that it asks for",
        "example.io/v2",
        () ->
            real.status("kinds")
                .at("/resourceStatus/manifests/0/statusFeedback/values/0/fieldValue/string")
                .asString(""));
  }

  @Test
  void namesTheOtherOwnerOfAFieldAndTakesItOverOnlyWhenTold() {
    var other = configMap("contested", "theirs");
    assertThat(
            real.kubectl
                .run(other, "apply", "--server-side", "--field-manager=someone", "-f", "-")
                .exit())
        .isZero();
    real.work(
        "apply",
        config("configmaps", "contested", "\"updateStrategy\":{\"type\":\"ServerSideApply\"}"),
        List.of(configMap("contested", "ours")));
    Until.contains(
        "the conflict to be named",
        "conflict with \"someone\"",
        () -> real.manifestCondition("apply", 0, "Applied"));
    assertThat(real.value("contested")).isEqualTo("theirs");
    real.work(
        "apply",
        config(
            "configmaps",
            "contested",
            "\"updateStrategy\":{\"type\":\"ServerSideApply\",\"serverSideApply\":{\"force\":true}}"),
        List.of(configMap("contested", "ours")));
    Until.equals("the field to be taken over", "ours", () -> real.value("contested"));
    Until.equals(
        "success to be told", true, () -> real.condition("apply", "Applied").startsWith("True"));
  }

  @Test
  void leavesAloneWhatItIsToldTo() {
    real.kubectl.apply(configMap("watched", "theirs"));
    real.work(
        "once",
        config("configmaps", "once", "\"updateStrategy\":{\"type\":\"CreateOnly\"}"),
        List.of(configMap("once", "1")));
    real.work(
        "watched",
        config("configmaps", "watched", "\"updateStrategy\":{\"type\":\"ReadOnly\"}"),
        List.of(configMap("watched", "1")));
    Until.equals("it to be made", "1", () -> real.value("once"));
    real.kubectl.ok(
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
        () -> real.manifestCondition("once", 0, "work.nave.io/InSync"));
    Until.contains(
        "the difference to be told",
        "wanted \"1\", is \"theirs\"",
        () -> real.manifestCondition("watched", 0, "work.nave.io/InSync"));
    assertThat(real.value("once")).isEqualTo("2");
    assertThat(real.value("watched")).isEqualTo("theirs");
  }

  @Test
  void triesOutWithoutWriting() {
    real.work(
        "dry", "\"dryRun\":true,", List.of(configMap("dry", "1"), configMap("BAD_NAME", "1")));
    Until.equals(
        "it to be tried",
        "False DryRun would be created",
        () -> real.manifestCondition("dry", 0, "Applied"));
    assertThat(real.manifestCondition("dry", 1, "Applied"))
        .startsWith("False DryRun would be refused: ");
    assertThat(real.kubectl.run("", "get", "configmap", "-n", "shop", "dry").exit()).isNotZero();
  }

  @Test
  void writesForAnExecutorOnlyWhatThatMayWrite() {
    real.kubectl.ok("create", "serviceaccount", "-n", "shop", "limited");
    real.kubectl.ok(
        "create",
        "role",
        "limited",
        "-n",
        "shop",
        "--verb=get,create,update,patch,delete",
        "--resource=configmaps");
    real.kubectl.ok(
        "create",
        "rolebinding",
        "limited",
        "-n",
        "shop",
        "--role=limited",
        "--serviceaccount=shop:limited");
    var role =
        "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"Role\",\"metadata\":{\"name\":\"more\",\"namespace\":\"shop\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"secrets\"],\"verbs\":[\"get\"]}]}";
    real.work(
        "executor",
        "\"executor\":{\"subject\":{\"type\":\"ServiceAccount\",\"serviceAccount\":{\"namespace\":\"shop\",\"name\":\"limited\"}}},",
        List.of(configMap("executor", "1"), role));
    Until.equals("what it may", "1", () -> real.value("executor"));
    Until.contains(
        "what it may not",
        "not allowed to apply the resource",
        () -> real.manifestCondition("executor", 1, "Applied"));
    real.kubectl.ok(
        "create",
        "role",
        "roles",
        "-n",
        "shop",
        "--verb=get,create,update,patch,delete",
        "--resource=roles.rbac.authorization.k8s.io");
    real.kubectl.ok(
        "create",
        "rolebinding",
        "roles",
        "-n",
        "shop",
        "--role=roles",
        "--serviceaccount=shop:limited");
    real.work(
        "tried",
        "\"dryRun\":true,\"executor\":{\"subject\":{\"type\":\"ServiceAccount\",\"serviceAccount\":{\"namespace\":\"shop\",\"name\":\"limited\"}}},",
        List.of(configMap("tried", "1"), configMap("executor", "2")));
    Until.equals(
        "it to be tried as the executor",
        "False DryRun would be created",
        () -> real.manifestCondition("tried", 0, "Applied"));
    assertThat(real.manifestCondition("tried", 1, "Applied"))
        .startsWith("False DryRun would change: data.key");
    real.kubectl.ok("annotate", "manifestwork", "-n", "east", "executor", "again=yes");
    real.work(
        "executor2",
        "\"executor\":{\"subject\":{\"type\":\"ServiceAccount\",\"serviceAccount\":{\"namespace\":\"shop\",\"name\":\"limited\"}}},",
        List.of(role.replace("\"more\"", "\"still-more\"")));
    Until.contains(
        "no rights to be given away",
        "would give rights it does not hold",
        () -> real.manifestCondition("executor2", 0, "Applied"));
  }

  @Test
  void oneBadManifestDelaysNobody() {
    real.kubectl.ok("create", "namespace", "stuck");
    real.kubectl.apply(
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"anchor\",\"namespace\":\"stuck\",\"finalizers\":[\"example.io/never\"]}}");
    real.kubectl.ok("delete", "namespace", "stuck", "--wait=false");
    real.work(
        "mixed",
        "",
        List.of(configMap("late", "1").replace("\"shop\"", "\"stuck\""), configMap("prompt", "1")));
    Until.equals("the good one", "1", () -> real.value("prompt"));
    Until.contains(
        "the reason",
        "because it is being terminated",
        () -> real.manifestCondition("mixed", 0, "Applied"));
  }

  @Test
  void appliesALargeWorkAndTakesItAwayAgain() {
    var manifests = new ArrayList<String>();
    for (int i = 0; i < MANY; i++) {
      manifests.add(configMap("many-%04d".formatted(i), "1"));
    }
    real.work("many", "", manifests);
    Until.equals(
        "all to be applied", true, () -> real.condition("many", "Applied").startsWith("True"));
    assertThat(real.value("many-%04d".formatted(MANY - 1))).isEqualTo("1");
    real.kubectl.ok(
        "delete", "manifestwork", "-n", "east", "many", "--wait=true", "--timeout=180s");
    assertThat(real.kubectl.ok("get", "configmaps", "-n", "shop", "-o", "name"))
        .doesNotContain("many-");
  }
}
