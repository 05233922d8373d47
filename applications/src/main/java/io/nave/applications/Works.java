package io.nave.applications;

import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.applications.api.Application;
import io.nave.applications.policies.Treatments;
import io.nave.work.Adoption;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.ManifestConfig;
import io.nave.work.WorkAdmission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The ManifestWorks of an application: their names, and what they hold. [Packing] decides how many
/// a cluster gets. Pure.
final class Works {
  /// On every work of an application: `<namespace>.<name>`, shortened when it is too long.
  static final String APPLICATION = "nave.io/application";

  /// On works and objects of one component.
  static final String COMPONENT = "app.oam.dev/component";

  private static final String NAME = "app.oam.dev/name";
  private static final String NAMESPACE = "app.oam.dev/namespace";
  private static final int LABEL_MAX = 63;

  /// By which an object in a cluster is an application's.
  static final Set<String> OWNER_LABELS = Set.of(NAME, NAMESPACE);

  /// What of a work's annotations is the application's.
  static final List<String> ANNOTATIONS =
      List.of(Adoption.OWN, Adoption.TAKEN, Adoption.REPLACED, Heritage.ANNOTATION);

  private Works() {}

  /// The works an application is to have.
  ///
  /// @param works by key; one cluster may get several
  /// @param leaving works on their way out, changed in what they leave behind
  /// @param contests what clusters do not get, because another application delivers it
  record Plan(
      SortedMap<Key, ManifestWork> works, List<ManifestWork> leaving, List<Contest> contests) {
    Plan {
      leaving = List.copyOf(leaving);
      contests = List.copyOf(contests);
    }
  }

  /// The value of [#APPLICATION].
  static String labelOf(Key application) {
    return Names.bounded(application.namespace() + "." + application.name(), LABEL_MAX);
  }

  /// The name of an application's work in every cluster: a namespace has no dot, so no two
  /// applications share one.
  static String nameOf(Key application) {
    return nameOf(application, "");
  }

  /// The name of a part of what a cluster gets; no part of one application is called as any work of
  /// another.
  ///
  /// @param part letters and digits; empty: the first part
  static String nameOf(Key application, String part) {
    return Names.bounded(
        "app" + part + "-" + application.namespace() + "." + application.name(), LABEL_MAX);
  }

  /// The application a work belongs to, if it belongs to one.
  static Optional<Key> applicationOf(ManifestWork work) {
    return applicationOf(work.metadata().labels());
  }

  /// @param labels of a work
  static Optional<Key> applicationOf(Map<String, String> labels) {
    var name = labels.get(NAME);
    var namespace = labels.get(NAMESPACE);
    if (name == null || namespace == null) {
      return Optional.empty();
    }
    var key = Key.of(namespace, name);
    return labelOf(key).equals(labels.get(APPLICATION)) ? Optional.of(key) : Optional.empty();
  }

  static Map<String, String> labels(Key application) {
    return Map.of(
        APPLICATION,
        labelOf(application),
        NAME,
        application.name(),
        NAMESPACE,
        application.namespace());
  }

  /// The component that rendered a manifest; empty for what works bring themselves.
  static String componentOf(JsonNode manifest) {
    return manifest.path("metadata").path("labels").path(COMPONENT).asString("");
  }

  /// The works as they should be.
  ///
  /// @param complete whether everything was rendered; else what is in the clusters stays
  /// @param present all works of the application
  /// @throws Refusal when two components render the same object, or a cluster would get too much
  static Plan of(
      Application application,
      List<Rendered> components,
      boolean complete,
      Treatments treatments,
      List<ManifestWork> present,
      Fleet fleet) {
    var rendered = new TreeMap<String, List<Rendered>>();
    var there = new TreeMap<String, List<ManifestWork>>();
    for (var one : components) {
      rendered.computeIfAbsent(one.target().cluster(), _ -> new ArrayList<>()).add(one);
    }
    for (var work : present) {
      var cluster = work.metadata().namespace();
      there.computeIfAbsent(cluster, _ -> new ArrayList<>()).add(work);
      rendered.computeIfAbsent(cluster, _ -> new ArrayList<>());
    }
    var works = new TreeMap<Key, ManifestWork>();
    var leaving = new ArrayList<ManifestWork>();
    var contests = new ArrayList<Contest>();
    rendered.forEach((cluster, list) -> {
      var standing = there.getOrDefault(cluster, List.of());
      var packed =
          new Packing(application, cluster, treatments, standing, fleet).pack(list, complete);
      packed.works().forEach(work -> works.put(work.key(), work));
      packed.works().forEach(Works::requireGood);
      leaving.addAll(packed.leaving());
      contests.addAll(packed.contests());
    });
    return new Plan(works, leaving, contests);
  }

  private static void requireGood(ManifestWork work) {
    var faults = WorkAdmission.faults(manifests(work), Long.MAX_VALUE);
    if (!faults.isEmpty()) {
      throw new Refusal(
          Stage.RENDER, "for cluster " + work.metadata().namespace() + ": " + faults.getFirst());
    }
  }

  /// Whether the present work says what the desired one does; what the server fills in does not
  /// count.
  static boolean same(ManifestWork desired, ManifestWork present) {
    return sameMeta(desired, present)
        && sameManifests(manifests(desired), manifests(present))
        && Json.same(deletion(desired), deletion(present))
        && Objects.equals(desired.spec().executor(), present.spec().executor())
        && sameConfigs(desired.spec().manifestConfigs(), present.spec().manifestConfigs());
  }

  /// The same about labels and annotations alone.
  static boolean sameMeta(ManifestWork desired, ManifestWork present) {
    return present
            .metadata()
            .labels()
            .entrySet()
            .containsAll(desired.metadata().labels().entrySet())
        && ANNOTATIONS.stream()
            .allMatch(key -> annotation(desired, key).equals(annotation(present, key)));
  }

  private static String annotation(ManifestWork work, String key) {
    return work.metadata().annotations().getOrDefault(key, "");
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
          && Json.same(strategy(a), strategy(b))
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

  private static JsonNode strategy(ManifestConfig config) {
    var strategy = config.updateStrategy();
    return strategy == null ? Json.object().put("type", "Update") : Json.tree(strategy);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
