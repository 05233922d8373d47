package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The real `kubectl` changing objects of a hub in every way it knows: server-side apply, diff,
/// edit, the four patches, collections. Each test works in a namespace of its own.
@NeedsKubernetes
class KubectlApplyE2E extends KubectlOnHub {
  @Test
  void serverSideApplyOwnsItsFieldsAndTellsOthersSo() {
    assertThat(applyServerSide(configMap("red")))
        .isEqualTo("configmap/settings serverside-applied\n");

    var refused =
        kubectl
            .run(configMap("blue"), "apply", "--server-side", "--field-manager=bob", "-f", "-")
            .refused(1);

    assertThat(refused)
        .contains("Apply failed with 1 conflict: conflict with \"kubectl\": .data.colour")
        .contains("--force-conflicts");
    kubectl
        .run(
            configMap("blue"),
            "apply",
            "--server-side",
            "--field-manager=bob",
            "--force-conflicts",
            "-f",
            "-")
        .ok();
    assertThat(colour()).isEqualTo("blue");
    assertThat(owners()).containsExactly("bob");
  }

  @Test
  void whatServerSideApplyNamesNoMoreGoes() {
    applyServerSide(configMap("red") + "  size: large\n");

    applyServerSide(configMap("red"));

    assertThat(kubectl.json("get", "configmap", "settings", "-n", namespace).at("/data").size())
        .isEqualTo(1);
  }

  @Test
  void whoAppliedTheOldWayComesOverAndCanGoBack() {
    kubectl.apply(configMap("red"));
    assertThat(owners()).containsExactly("kubectl-client-side-apply");

    applyServerSide(configMap("blue"));

    assertThat(colour()).isEqualTo("blue");
    assertThat(owners()).contains("kubectl").doesNotContain("kubectl-client-side-apply");
    assertThat(kubectl.apply(configMap("green"))).isEqualTo("configmap/settings configured\n");
    assertThat(colour()).isEqualTo("green");
  }

  @Test
  void ownersAreShownOnlyWhenAskedFor() {
    applyServerSide(configMap("red"));

    var asked = new String[] {"get", "configmap", "settings", "-n", namespace, "-o", "yaml"};

    assertThat(kubectl.ok(asked)).doesNotContain("managedFields");
    assertThat(
            kubectl.ok(
                "get",
                "configmap",
                "settings",
                "-n",
                namespace,
                "-o",
                "yaml",
                "--show-managed-fields"))
        .contains("managedFields", "f:colour");
  }

  @Test
  void diffShowsWhatApplyWouldChangeAndChangesNothing() {
    kubectl.apply(configMap("red"));

    var different = kubectl.run(configMap("blue"), "diff", "-f", "-");
    var serverSide =
        kubectl.run(configMap("blue"), "diff", "--server-side", "--force-conflicts", "-f", "-");
    var same = kubectl.run(configMap("red"), "diff", "-f", "-");

    assertThat(different.exit()).isEqualTo(1);
    assertThat(different.out()).contains("-  colour: red", "+  colour: blue");
    assertThat(serverSide.out()).contains("-  colour: red", "+  colour: blue");
    assertThat(same.exit()).isEqualTo(0);
    assertThat(colour()).isEqualTo("red");
  }

  @Test
  void editStoresWhatTheEditorLeaves() {
    kubectl.apply(configMap("red"));

    var edited =
        kubectl
            .editingBy("s/colour:.red/colour:\\ green/")
            .ok("edit", "configmap", "settings", "-n", namespace);

    assertThat(edited).isEqualTo("configmap/settings edited\n");
    assertThat(colour()).isEqualTo("green");
    assertThat(owners()).contains("kubectl-edit");
  }

  @Test
  void allFourPatchesChangeAnObject() {
    kubectl.ok("create", "serviceaccount", "bot", "-n", namespace);

    patch("strategic", "{\"secrets\":[{\"name\":\"one\"}]}");
    patch("strategic", "{\"secrets\":[{\"name\":\"two\"}]}");
    patch("merge", "{\"metadata\":{\"labels\":{\"a\":\"x\"}}}");
    patch("json", "[{\"op\":\"add\",\"path\":\"/metadata/labels/b\",\"value\":\"y\"}]");
    kubectl
        .run(
            "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: bot, namespace: %s}\n"
                    .formatted(namespace)
                + "automountServiceAccountToken: false\n",
            "apply",
            "--server-side",
            "-f",
            "-")
        .ok();

    var bot = kubectl.json("get", "serviceaccount", "bot", "-n", namespace);
    assertThat(bot.at("/secrets").size()).isEqualTo(2);
    assertThat(bot.at("/metadata/labels").toString()).isEqualTo("{\"a\":\"x\",\"b\":\"y\"}");
    assertThat(bot.at("/automountServiceAccountToken").asBoolean(true)).isFalse();
  }

  @Test
  void deleteTakesAllOfASelectionOrAllThereIs() {
    for (var name : new String[] {"a", "b", "c"}) {
      kubectl.ok("create", "configmap", name, "-n", namespace);
    }
    kubectl.ok("label", "configmap", "a", "b", "-n", namespace, "go=green");

    kubectl.ok("delete", "configmap", "-l", "go=green", "-n", namespace);
    assertThat(names()).isEqualTo("configmap/c\n");

    kubectl.ok("delete", "configmap", "--all", "-n", namespace);
    assertThat(names()).isEmpty();
  }

  @Test
  void fieldSelectorsSelect() {
    kubectl.ok("create", "configmap", "a", "-n", namespace);
    kubectl.ok("create", "configmap", "b", "-n", namespace);

    assertThat(
            kubectl.ok(
                "get",
                "configmap",
                "-n",
                namespace,
                "-o",
                "name",
                "--field-selector",
                "metadata.name!=a"))
        .isEqualTo("configmap/b\n");
  }

  private void patch(String type, String patch) {
    kubectl.ok("patch", "serviceaccount", "bot", "-n", namespace, "--type", type, "-p", patch);
  }

  private String names() {
    return kubectl.ok("get", "configmap", "-n", namespace, "-o", "name");
  }

  private String applyServerSide(String manifest) {
    return kubectl.run(manifest, "apply", "--server-side", "-f", "-").ok();
  }

  private String colour() {
    return kubectl
        .json("get", "configmap", "settings", "-n", namespace)
        .at("/data/colour")
        .asString("");
  }

  private java.util.List<String> owners() {
    return kubectl
        .json("get", "configmap", "settings", "-n", namespace, "--show-managed-fields")
        .at("/metadata/managedFields")
        .findValuesAsString("manager");
  }

  private String configMap(String colour) {
    return """
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: settings
      namespace: %s
    data:
      colour: %s
    """
        .formatted(namespace, colour);
  }
}
