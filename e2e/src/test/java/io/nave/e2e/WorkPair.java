package io.nave.e2e;

import io.nave.api.Json;
import io.nave.api.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One agent on one hub, and what both show of the works in `works-of-two-agents.yaml`.
///
/// @param cluster its name on the hub
/// @param onHub as the hub's administrator
/// @param onCluster as the managed cluster's
record WorkPair(String cluster, Kubectl onHub, Kubectl onCluster) {
  private static final Pattern UID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final List<String> KINDS =
      List.of(
          "configmap", "secret", "deployment", "service", "serviceaccount", "role", "rolebinding");

  /// The works, in the order of the file.
  static List<JsonNode> cases() {
    var file = "works-of-two-agents.yaml";
    try (var in = Objects.requireNonNull(WorkPair.class.getResourceAsStream(file), file)) {
      return List.copyOf(
          Yaml.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)).values());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The namespace, who executes there, and an object of somebody else.
  void prepare() {
    onCluster.ok("create", "namespace", place());
    onCluster.apply(
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: powerless, namespace: NS}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: able, namespace: NS}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: Role
        metadata: {name: able, namespace: NS}
        rules:
        - {apiGroups: [""], resources: [configmaps], verbs: ["*"]}
        - {apiGroups: [rbac.authorization.k8s.io], resources: [roles], verbs: ["*"]}
        ---
        apiVersion: rbac.authorization.k8s.io/v1
        kind: RoleBinding
        metadata: {name: able, namespace: NS}
        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: able}
        subjects: [{kind: ServiceAccount, name: able, namespace: NS}]
        """
            .replace("NS", place()));
    onCluster
        .run(
            "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"contested\",\"namespace\":\"%s\"},\"data\":{\"a\":\"theirs\"}}"
                .formatted(place()),
            "apply",
            "--server-side",
            "--field-manager=somebody",
            "-f",
            "-")
        .ok();
  }

  /// Makes all works, or changes them.
  ///
  /// @param spec which of the case's: `spec` or `changed`
  void apply(String spec) {
    var works = new StringBuilder();
    for (var each : cases()) {
      var work = Json.object();
      work.put("apiVersion", "work.open-cluster-management.io/v1").put("kind", "ManifestWork");
      work.putObject("metadata").put("name", name(each)).put("namespace", cluster);
      work.set("spec", each.path(spec));
      works.append("---\n").append(Json.text(work).replace("{place}", place())).append('\n');
    }
    onHub.run(works.toString(), "apply", "--validate=false", "-f", "-").ok();
  }

  /// Does in the managed cluster what a person does there.
  void interfere() {
    for (var each : cases()) {
      if (each.has("then")) {
        var then = Json.parse(each.path("then").asString(""));
        onCluster.ok(
            "patch",
            then.path("kind").asString(""),
            then.path("name").asString(""),
            "-n",
            place(),
            "--type=merge",
            "-p",
            Json.text(then.path("patch")));
      }
    }
  }

  void delete() {
    onHub.ok("delete", "manifestworks", "-n", cluster, "--all", "--wait=false");
  }

  /// What the hub shows of each work, by case; texts that no two pairs share are replaced.
  Map<String, JsonNode> reports() {
    var reports = new TreeMap<String, JsonNode>();
    var works = onHub.json("get", "manifestworks", "-n", cluster).path("items");
    for (var each : cases()) {
      for (var work : works) {
        if (work.at("/metadata/name").asString("").equals(name(each))) {
          reports.put(each.path("case").asString(""), neutral(report(work)));
        }
      }
    }
    return reports;
  }

  /// Whether the agent has reported on what is asked for now, feedback included.
  boolean settled() {
    var works = onHub.json("get", "manifestworks", "-n", cluster).path("items");
    for (var work : works) {
      var generation = work.at("/metadata/generation").asInt(0);
      var seen = new ArrayList<String>();
      for (var condition : work.at("/status/conditions")) {
        if (condition.path("observedGeneration").asInt(0) == generation) {
          seen.add(condition.path("type").asString(""));
        }
      }
      var manifests = work.at("/status/resourceStatus/manifests");
      if (!seen.containsAll(List.of("Applied", "Available"))
          || manifests.size() != work.at("/spec/workload/manifests").size()) {
        return false;
      }
      for (var manifest : manifests) {
        if (manifest.path("conditions").isEmpty()) {
          return false;
        }
      }
    }
    return works.size() == cases().size();
  }

  /// What stands in the managed cluster, by kind and name.
  Map<String, JsonNode> objects() {
    var objects = new TreeMap<String, JsonNode>();
    for (var object : onCluster.json("get", String.join(",", KINDS), "-n", place()).path("items")) {
      if (object.path("type").asString("").equals("kubernetes.io/service-account-token")) {
        continue; // the cluster's, by random names
      }
      var name = object.path("kind").asString("") + " " + object.at("/metadata/name").asString("");
      objects.put(name, neutral(object(object)));
    }
    return objects;
  }

  /// The namespace of the managed cluster where its objects live.
  private String place() {
    return cluster + "-place";
  }

  private String name(JsonNode each) {
    return cluster + "-" + each.path("case").asString("").replace(' ', '-');
  }

  /// Without times; empty texts and maps as if they were not there, since both say the same to
  /// whoever reads them.
  private static JsonNode report(JsonNode work) {
    var report = Json.object();
    report.set("finalizers", work.at("/metadata/finalizers"));
    report.set("conditions", conditions(work.at("/status/conditions")));
    var manifests = report.putArray("manifests");
    for (var manifest : work.at("/status/resourceStatus/manifests")) {
      var shown = manifests.addObject();
      var meta = shown.putObject("resourceMeta");
      for (var each : manifest.path("resourceMeta").properties()) {
        if (!each.getValue().asString("").isEmpty()) {
          meta.set(each.getKey(), each.getValue());
        }
      }
      shown.set("feedback", manifest.at("/statusFeedback/values"));
      shown.set("conditions", conditions(manifest.path("conditions")));
    }
    return report;
  }

  /// By type. Of a condition that upstream did not know in 2024 nothing is shown
  /// (docs/DELIBERATE.md).
  private static ObjectNode conditions(JsonNode conditions) {
    var shown = Json.object();
    var byType = new TreeMap<String, JsonNode>();
    conditions.forEach(each -> byType.put(each.path("type").asString(""), each));
    byType.forEach((type, each) -> {
      if (!type.startsWith("work.nave.io/")) {
        shown.put(
            type,
            String.join(
                "|",
                each.path("status").asString(""),
                each.path("reason").asString(""),
                each.path("message").asString("")));
      }
    });
    return shown;
  }

  private static JsonNode object(JsonNode object) {
    var shown = (ObjectNode) object.deepCopy();
    shown.remove("status");
    shown.remove("secrets"); // of an account, by name
    var meta = (ObjectNode) shown.path("metadata");
    for (var field :
        List.of("uid", "resourceVersion", "creationTimestamp", "selfLink", "managedFields")) {
      meta.remove(field);
    }
    if (meta.path("annotations") instanceof ObjectNode annotations) {
      annotations.remove("deployment.kubernetes.io/revision"); // the cluster's
    }
    if (shown.path("kind").asString("").equals("Service")) {
      ((ObjectNode) shown.path("spec")).remove(List.of("clusterIP", "clusterIPs"));
    }
    for (var owner : meta.path("ownerReferences")) {
      ((ObjectNode) owner)
          .put("name", owner.path("name").asString("").replaceFirst("^[0-9a-f]{64}", "<hub>"));
      ((ObjectNode) owner).remove("uid");
    }
    return shown;
  }

  private JsonNode neutral(JsonNode shown) {
    return Json.parse(UID.matcher(Json.text(shown).replace(cluster, "<pair>")).replaceAll("<uid>"));
  }
}
