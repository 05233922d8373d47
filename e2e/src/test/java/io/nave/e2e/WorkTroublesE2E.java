package io.nave.e2e;

import static io.nave.e2e.RealWorks.configMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nave.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.node.ObjectNode;

/// What goes wrong around an agent on a real Kubernetes API, one thing after the other; see
/// [RealWorks].
@NeedsKubernetes
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkTroublesE2E {
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
  void saysThatAQuotaIsExceededAndGoesOnWhenThereIsRoom() {
    real.kubectl.ok("create", "namespace", "narrow");
    real.kubectl.ok("create", "quota", "few", "-n", "narrow", "--hard=configmaps=0");
    quota(0);
    real.work("quota", "", List.of(configMap("q", "1").replace("\"shop\"", "\"narrow\"")));
    Until.contains(
        "the quota to be named",
        "exceeded quota: few",
        () -> real.manifestCondition("quota", 0, "Applied"));
    assertThat(real.condition("quota", "Applied")).startsWith("False");
    quota(9);
    Until.equals(
        "it to be applied", true, () -> real.condition("quota", "Applied").startsWith("True"));
  }

  /// What the quota controller, which is not here, would find.
  private void quota(int configMaps) {
    var path = "/api/v1/namespaces/narrow/resourcequotas/few";
    var quota = (ObjectNode) real.kubectl.json("get", "quota", "few", "-n", "narrow");
    var status = quota.putObject("status");
    quota.withObjectProperty("spec").putObject("hard").put("configmaps", "" + configMaps);
    status.putObject("hard").put("configmaps", "" + configMaps);
    status.putObject("used").put("configmaps", "0");
    real.kubectl.run(Json.text(quota), "replace", "--raw", path, "-f", "-").ok();
    var now = (ObjectNode) real.kubectl.json("get", "quota", "few", "-n", "narrow");
    now.set("status", status);
    real.kubectl.run(Json.text(now), "replace", "--raw", path + "/status", "-f", "-").ok();
  }

  @Test
  void tellsWhatAWebhookRefuses() {
    try (var webhook = new RefusingWebhook(real.host, "no blue here")) {
      real.kubectl.ok("create", "namespace", "guarded");
      real.kubectl.ok("label", "namespace", "guarded", "guarded=yes");
      real.kubectl.apply(webhook.configuration());
      var guarded = configMap("blue", "1").replace("\"shop\"", "\"guarded\"");
      Until.contains(
          "the webhook to be asked",
          "no blue here",
          () -> real.kubectl.run(guarded, "create", "--dry-run=server", "-f", "-").err());
      real.work("webhook", "", List.of(guarded, configMap("beside", "1")));
      Until.contains(
          "the webhook's words",
          "denied the request: no blue here",
          () -> real.manifestCondition("webhook", 0, "Applied"));
      Until.equals("the one beside it to be applied", "1", () -> real.value("beside"));
      real.kubectl.ok("delete", "validatingwebhookconfiguration", "refusing");
    }
    Until.equals(
        "it to be applied", true, () -> real.condition("webhook", "Applied").startsWith("True"));
  }

  @Test
  void saysThatAnApiIsGoneAndLetsTheWorkGoToo() {
    var gadget =
        "{\"apiVersion\":\"gone.io/v1\",\"kind\":\"Gadget\",\"metadata\":{\"name\":\"g\",\"namespace\":\"shop\"}}";
    real.kubectl.apply(
        "{\"apiVersion\":\"apiextensions.k8s.io/v1\",\"kind\":\"CustomResourceDefinition\",\"metadata\":{\"name\":\"gadgets.gone.io\"},\"spec\":{\"group\":\"gone.io\",\"scope\":\"Namespaced\",\"names\":{\"plural\":\"gadgets\",\"singular\":\"gadget\",\"kind\":\"Gadget\"},\"versions\":[{\"name\":\"v1\",\"served\":true,\"storage\":true,\"schema\":{\"openAPIV3Schema\":{\"type\":\"object\",\"x-kubernetes-preserve-unknown-fields\":true}}}]}}");
    real.work("gone", "", List.of(gadget, configMap("stays", "1")));
    Until.equals(
        "both to be applied", true, () -> real.condition("gone", "Applied").startsWith("True"));
    real.kubectl.ok("delete", "crd", "gadgets.gone.io", "--timeout=180s");
    real.work("gone", "", List.of(gadget, configMap("stays", "2")));
    Until.equals("the other one to be changed", "2", () -> real.value("stays"));
    Until.equals(
        "the loss to be told", true, () -> real.condition("gone", "Applied").startsWith("False"));
    real.kubectl.ok(
        "delete", "manifestwork", "-n", "east", "gone", "--wait=true", "--timeout=180s");
    assertThat(real.value("stays")).isEmpty();
  }

  @Test
  void goesOnWhenItsDiskTakesNothingMore() throws IOException {
    real.work("disk", "", List.of(configMap("disk", "1")));
    Until.equals("it to be applied", "1", () -> real.value("disk"));
    var works = real.agentFolder();
    var aside = works.resolveSibling("agent-aside");
    Files.move(works, aside);
    Files.writeString(works, "a file where the folder was: every write fails");
    try {
      real.work("diskless", "", List.of(configMap("diskless", "1")));
      Until.equals("it to be applied", "1", () -> real.value("diskless"));
      change("diskless", "drift");
      Until.equals("drift to be repaired", "1", () -> real.value("diskless"));
    } finally {
      Files.delete(works);
      Files.move(aside, works);
    }
  }

  @Test
  void goesOnAfterItsApiServerWasKilled() {
    real.work("restart", "", List.of(configMap("restart", "1")));
    Until.equals("it to be applied", "1", () -> real.value("restart"));
    real.cluster.restartApiServer();
    change("restart", "drift");
    Until.equals("drift to be repaired", "1", () -> real.value("restart"));
    real.work("restart", "", List.of(configMap("restart", "2")));
    Until.equals("a change to be applied", "2", () -> real.value("restart"));
    Until.equals(
        "it to be told", true, () -> real.condition("restart", "Applied").startsWith("True"));
  }

  @Test
  void stopsFightingAndNamesWhoKeepsChangingItsObject() {
    real.work("fight", "", List.of(configMap("fought", "ours")));
    Until.equals("it to be applied", "ours", () -> real.value("fought"));
    Until.contains(
        "the other writer to be named",
        "\"rival\" keeps changing it back",
        () -> {
          real.insist("rival", "fought", "theirs");
          return real.manifestCondition("fight", 0, "work.nave.io/InSync");
        });
    Until.equals("the last word to be the work's", "ours", () -> real.value("fought"));
  }

  private void change(String configMap, String value) {
    real.kubectl.ok(
        "patch",
        "configmap",
        "-n",
        "shop",
        configMap,
        "--type=merge",
        "-p",
        "{\"data\":{\"key\":\"%s\"}}".formatted(value));
  }
}
