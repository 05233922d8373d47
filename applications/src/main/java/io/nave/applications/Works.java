package io.nave.applications;

import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.applications.api.Application;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.FeedbackRule;
import io.nave.work.ManifestWork.JsonPath;
import io.nave.work.ManifestWork.ManifestConfig;
import io.nave.work.ManifestWork.ResourceIdentifier;
import io.nave.work.WorkAdmission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Packs rendered components into ManifestWorks: one for each cluster of an application. Pure.
///
/// A namespace that has to be there is part of the work, made only when it is missing, and left
/// behind when the work goes: others may live in it.
final class Works {
  /// On every work of an application: `<namespace>.<name>`, shortened when it is too long.
  static final String APPLICATION = "nave.io/application";

  private static final String NAME = "app.oam.dev/name";
  private static final String NAMESPACE = "app.oam.dev/namespace";
  private static final int LABEL_MAX = 63;

  private Works() {}

  /// The value of [#APPLICATION].
  static String labelOf(Key application) {
    return Names.bounded(application.namespace() + "." + application.name(), LABEL_MAX);
  }

  /// The name of an application's work in every cluster: a namespace has no dot, so no two
  /// applications share one.
  static String nameOf(Key application) {
    return Names.bounded("app-" + application.namespace() + "." + application.name(), LABEL_MAX);
  }

  /// The application a work belongs to, if it belongs to one.
  static Optional<Key> applicationOf(ManifestWork work) {
    var labels = work.metadata().labels();
    var name = labels.get(NAME);
    var namespace = labels.get(NAMESPACE);
    if (name == null || namespace == null) {
      return Optional.empty();
    }
    var key = Key.of(namespace, name);
    return labelOf(key).equals(labels.get(APPLICATION)) ? Optional.of(key) : Optional.empty();
  }

  /// The works by key; one cluster may get several.
  ///
  /// @throws Refusal when two components render the same object, or a cluster would get too much
  static SortedMap<Key, ManifestWork> of(Application application, List<Rendered> components) {
    var byCluster = new TreeMap<String, List<Rendered>>();
    for (var rendered : components) {
      byCluster.computeIfAbsent(rendered.target().cluster(), _ -> new ArrayList<>()).add(rendered);
    }
    var works = new TreeMap<Key, ManifestWork>();
    byCluster.forEach((cluster, list) -> {
      var work = work(application, cluster, list);
      works.put(work.key(), work);
    });
    return works;
  }

  private static ManifestWork work(
      Application application, String cluster, List<Rendered> components) {
    var objects = objects(cluster, components);
    var namespaces = namespaces(objects);
    var manifests = new ArrayList<JsonNode>(namespaces.values());
    var configs = new ArrayList<ManifestConfig>();
    for (var namespace : namespaces.keySet()) {
      configs.add(
          ManifestConfig.strategy(
              new ResourceIdentifier(null, "namespaces", null, namespace), "CreateOnly"));
    }
    for (var entry : objects.entrySet()) {
      manifests.add(entry.getValue().manifest());
      if (!entry.getValue().live().isEmpty()) {
        configs.add(feedback(entry.getKey(), entry.getValue()));
      }
    }
    requireFits(cluster, manifests);
    return new ManifestWork(
        Meta.named(cluster, nameOf(application.key())).withLabels(labels(application.key())),
        new ManifestWork.Spec(
            new ManifestWork.Workload(manifests),
            deletion(List.copyOf(namespaces.keySet())),
            configs,
            null),
        new ManifestWork.Status(List.of(), null));
  }

  private static Map<String, String> labels(Key application) {
    return Map.of(
        APPLICATION,
        labelOf(application),
        NAME,
        application.name(),
        NAMESPACE,
        application.namespace());
  }

  private static Map<ManifestIdentity, Rendered.Piece> objects(
      String cluster, List<Rendered> components) {
    var owners = new TreeMap<ManifestIdentity, String>();
    var objects = new LinkedHashMap<ManifestIdentity, Rendered.Piece>();
    for (var rendered : components) {
      for (var piece : rendered.pieces()) {
        var identity = ManifestIdentity.of(piece.manifest());
        var other = owners.putIfAbsent(identity, rendered.component().name());
        if (other != null) {
          throw new Refusal(
              Stage.RENDER,
              "component \"%s\" and component \"%s\" both render %s for cluster %s; rename one"
                  .formatted(other, rendered.component().name(), identity, cluster));
        }
        objects.put(identity, piece);
      }
    }
    return objects;
  }

  /// The namespaces that the objects need and do not bring, in order of need.
  private static Map<String, JsonNode> namespaces(Map<ManifestIdentity, Rendered.Piece> objects) {
    var needed = new LinkedHashSet<String>();
    objects.keySet().forEach(identity -> needed.add(identity.namespace()));
    needed.remove("");
    needed.remove("default");
    for (var identity : objects.keySet()) {
      if (identity.kind().equals("Namespace") && identity.group().isEmpty()) {
        needed.remove(identity.name());
      }
    }
    var manifests = new LinkedHashMap<String, JsonNode>();
    for (var name : needed) {
      var namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
      namespace.putObject("metadata").put("name", name);
      manifests.put(name, namespace);
    }
    return manifests;
  }

  private static ManifestConfig feedback(ManifestIdentity identity, Rendered.Piece piece) {
    var paths =
        piece.live().stream()
            .map(path -> new JsonPath(path.name(), path.jsonPath(), null))
            .toList();
    return ManifestConfig.feedback(
        new ResourceIdentifier(
            orNull(identity.group()),
            ObjectKinds.plural(identity.kind()),
            orNull(identity.namespace()),
            identity.name()),
        List.of(new FeedbackRule("JSONPaths", paths)));
  }

  private static ManifestWork.@Nullable DeleteOption deletion(List<String> namespaces) {
    if (namespaces.isEmpty()) {
      return null;
    }
    var rules =
        namespaces.stream()
            .map(name -> new ManifestWork.OrphaningRule("", "namespaces", null, name))
            .toList();
    return new ManifestWork.DeleteOption(
        "SelectivelyOrphan", new ManifestWork.SelectivelyOrphan(rules), null);
  }

  private static void requireFits(String cluster, List<JsonNode> manifests) {
    var faults = WorkAdmission.faults(manifests);
    if (!faults.isEmpty()) {
      throw new Refusal(Stage.RENDER, "for cluster " + cluster + ": " + faults.getFirst());
    }
  }

  /// Whether the present work says what the desired one does; what the server fills in does not
  /// count.
  static boolean same(ManifestWork desired, ManifestWork present) {
    return present
            .metadata()
            .labels()
            .entrySet()
            .containsAll(desired.metadata().labels().entrySet())
        && sameManifests(manifests(desired), manifests(present))
        && Json.same(deletion(desired), deletion(present))
        && sameConfigs(desired.spec().manifestConfigs(), present.spec().manifestConfigs());
  }

  static List<JsonNode> manifests(ManifestWork work) {
    var workload = work.spec().workload();
    return workload == null ? List.of() : workload.manifests();
  }

  private static boolean sameManifests(List<JsonNode> desired, List<JsonNode> present) {
    if (desired.size() != present.size()) {
      return false;
    }
    for (var i = 0; i < desired.size(); i++) {
      if (!Json.same(desired.get(i), present.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static JsonNode deletion(ManifestWork work) {
    var option = work.spec().deleteOption();
    var orphans = option == null ? null : option.selectivelyOrphans();
    return Json.object()
        .put("policy", option == null ? "Foreground" : option.propagationPolicy())
        .set("orphans", orphans == null ? Json.object() : Json.tree(orphans));
  }

  private static boolean sameConfigs(List<ManifestConfig> desired, List<ManifestConfig> present) {
    if (desired.size() != present.size()) {
      return false;
    }
    for (var i = 0; i < desired.size(); i++) {
      var a = desired.get(i);
      var b = present.get(i);
      if (!(identifier(a).equals(identifier(b))
          && a.feedbackRules().equals(b.feedbackRules())
          && strategy(a).equals(strategy(b))
          && b.conditionRules().isEmpty())) {
        return false;
      }
    }
    return true;
  }

  private static List<String> identifier(ManifestConfig config) {
    var id = config.resourceIdentifier();
    return List.of(orEmpty(id.group()), id.resource(), orEmpty(id.namespace()), id.name());
  }

  private static String strategy(ManifestConfig config) {
    var strategy = config.updateStrategy();
    return strategy == null ? "Update" : strategy.type();
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
