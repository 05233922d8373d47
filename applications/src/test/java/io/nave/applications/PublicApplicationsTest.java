package io.nave.applications;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.registration.api.ManagedCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// - Goal: applications that were written for KubeVela and use its built-in types are admitted and
///   delivered as they are.
/// - Method: every file of `public/` against a fleet of the clusters it names; agents report
///   everything rolled out, people approve what waits. What does not come to run has its reason in
///   `public/not-delivered.yaml`, which has to be the very one that is found.
class PublicApplicationsTest {
  private static final Path FOLDER = Path.of("src/test/resources/public");
  private static final int ROUNDS = 12;

  @Test
  void areDeliveredUnmodified() throws IOException {
    var expected = new TreeMap<String, String>();
    var listed = FOLDER.resolve("not-delivered.yaml");
    for (var entry : Yaml.parse(Files.readString(listed)).properties()) {
      expected.put(entry.getKey(), entry.getValue().asString(""));
    }
    var found = new TreeMap<String, String>();
    var delivered = 0;
    for (var file : files()) {
      var name = FOLDER.relativize(file).toString();
      var fault = fault(file);
      if (fault.isEmpty()) {
        delivered += holdsApplication(file) ? 1 : 0;
      } else {
        found.put(name, fault);
      }
    }
    if (System.getProperty("golden.update") != null) {
      Files.writeString(listed, Yaml.write(Json.tree(found)), StandardCharsets.UTF_8);
      return;
    }
    assertThat(found).isEqualTo(expected);
    assertThat(delivered).isGreaterThanOrEqualTo(100);
  }

  private static boolean holdsApplication(Path file) throws IOException {
    return Yaml.parseAll(Files.readString(file)).stream()
        .anyMatch(document -> document.path("kind").asString("").equals("Application"));
  }

  private static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(FOLDER)) {
      return all.filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !file.getParent().equals(FOLDER))
          .sorted()
          .toList();
    }
  }

  /// Why it does not come to run; empty when it does.
  private static String fault(Path file) throws IOException {
    var documents = Yaml.parseAll(Files.readString(file));
    var beside = new ArrayList<ObjectNode>();
    try (Stream<Path> siblings = Files.list(file.toAbsolutePath().getParent())) {
      for (var sibling : siblings.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
        beside.addAll(Yaml.parseAll(Files.readString(sibling)));
      }
    }
    var faults = new ArrayList<String>();
    for (var document : documents) {
      if (document.path("kind").asString("").equals("Application")) {
        try {
          faults.add(fault(document, beside));
        } catch (ApiError | Refusal e) {
          faults.add(String.valueOf(e.getMessage()));
        }
      }
    }
    return String.join("; ", faults.stream().filter(text -> !text.isEmpty()).toList());
  }

  private static String fault(ObjectNode document, List<ObjectNode> all) {
    var meta = document.withObjectProperty("metadata");
    meta.put("uid", "u1").put("generation", 1);
    if (!meta.has("namespace")) {
      meta.put("namespace", "default");
    }
    meta.putArray("finalizers").add(ApplicationReconciler.FINALIZER);
    var application = Codec.decode(document, Application.class);
    var faults = ApplicationAdmission.builtIn().check(application);
    if (!faults.isEmpty()) {
      return Progress.text(faults);
    }
    var hub = new FakeHub(application, fleet(document, all));
    hub.secrets.put("my-secret/url", "https://hooks.example");
    hub.objects.put(
        "configmaps my-cm-name", Yaml.parseAll("{data: {cpu: '1', memory: 1Gi}}").getFirst());
    for (var other : all) {
      if (other.path("kind").asString("").equals("Workflow")) {
        hub.workflows.put(
            other.path("metadata").path("name").asString(""), Codec.decode(other, Workflow.class));
      }
      if (other.path("kind").asString("").equals("Policy")) {
        hub.policies.put(
            other.path("metadata").path("name").asString(""), Codec.decode(other, Policy.class));
      }
    }
    return run(hub);
  }

  private static String run(FakeHub hub) {
    hub.settle();
    for (var round = 0; round < ROUNDS && !hub.phase().equals("running"); round++) {
      hub.report(PublicApplicationsTest::live, _ -> null);
      if (hub.phase().equals("workflowSuspending")) {
        hub.hand("approve", "somebody");
      }
      hub.after(Duration.ofMinutes(1));
    }
    if (hub.phase().equals("running")) {
      return hub.works.isEmpty() && !hub.application.spec().components().isEmpty()
          ? "runs without a work"
          : "";
    }
    var status = hub.application.status();
    var run = status.workflow();
    var unready =
        status.conditions().stream()
            .filter(c -> c.status().equals("False") && !c.type().equals("Ready"))
            .map(c -> c.type() + ": " + c.message())
            .toList();
    return hub.phase()
        + "; "
        + String.join("; ", unready)
        + (run == null || run.message() == null ? "" : "; " + run.message());
  }

  /// As a cluster that has had its time.
  private static ObjectNode live(ObjectNode object) {
    var rolledOut = FakeAgent.rolledOut(object);
    var replicas = object.path("spec").path("replicas").asInt(1);
    switch (object.path("kind").asString("")) {
      case "Deployment" ->
          rolledOut
              .withObjectProperty("status")
              .putArray("conditions")
              .addObject()
              .put("type", "Available")
              .put("status", "True")
              .put("message", "has its replicas");
      case "StatefulSet" ->
          rolledOut
              .withObjectProperty("status")
              .put("observedGeneration", 1)
              .put("replicas", replicas)
              .put("updatedReplicas", replicas)
              .put("readyReplicas", replicas);
      case "DaemonSet" ->
          rolledOut
              .withObjectProperty("status")
              .put("observedGeneration", 1)
              .put("desiredNumberScheduled", 3)
              .put("currentNumberScheduled", 3)
              .put("updatedNumberScheduled", 3)
              .put("numberReady", 3);
      case "Job" ->
          rolledOut
              .withObjectProperty("status")
              .put("succeeded", object.path("spec").path("completions").asInt(1))
              .putArray("conditions")
              .addObject()
              .put("type", "Complete")
              .put("status", "True");
      case "PersistentVolumeClaim" -> rolledOut.withObjectProperty("status").put("phase", "Bound");
      case "Service" -> rolledOut.withObjectProperty("spec").put("clusterIP", "10.0.0.7");
      default -> {}
    }
    return rolledOut;
  }

  /// Every cluster the application names, labelled with every label it selects by, and `local`.
  private static Samples.FakeFleet fleet(ObjectNode document, List<ObjectNode> beside) {
    var names = new TreeMap<String, String>(Map.of("local", ""));
    var labels = Json.object();
    collect(document.path("spec"), names, labels);
    beside.forEach(other -> collect(other, names, labels));
    var clusters = new ArrayList<ManagedCluster>();
    for (var name : names.keySet()) {
      var cluster = Json.object();
      cluster.putObject("metadata").put("name", name).set("labels", labels);
      cluster.putObject("spec").put("hubAcceptsClient", true);
      clusters.add(Codec.decode(cluster, ManagedCluster.class));
    }
    return new Samples.FakeFleet(clusters, Collections.emptyList());
  }

  private static void collect(JsonNode node, Map<String, String> names, ObjectNode labels) {
    if (List.of("Application", "ManifestWork").contains(node.path("kind").asString(""))) {
      return; // another one of the folder
    }
    node.path("clusters").forEach(name -> names.put(name.asString(""), ""));
    for (var field : List.of("clusterLabelSelector")) {
      node.path(field).properties().forEach(label -> labels.set(label.getKey(), label.getValue()));
    }
    var selector = node.path("clusterSelector");
    selector
        .path("labels")
        .properties()
        .forEach(label -> labels.set(label.getKey(), label.getValue()));
    for (var name : List.of(selector.path("name"), node.path("cluster"))) {
      if (name.isString() && !name.stringValue().isEmpty()) {
        names.put(name.stringValue(), "");
      }
    }
    node.forEach(child -> collect(child, names, labels));
  }
}
