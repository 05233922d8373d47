package io.nave.applications;

import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.applications.definitions.LivePath;
import io.nave.work.Adoption;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.Executor;
import io.nave.work.ManifestWork.FeedbackRule;
import io.nave.work.ManifestWork.JsonPath;
import io.nave.work.ManifestWork.ManifestConfig;
import io.nave.work.ManifestWork.OrphaningRule;
import io.nave.work.ManifestWork.ResourceIdentifier;
import io.nave.work.ManifestWork.UpdateStrategy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Writes one ManifestWork: objects with how they are written and what is fed back of them.
///
/// A namespace that has to be there is part of the work, made only when it is missing, and left
/// behind when the work goes: others may live in it.
final class WorkWriter {
  private final @Nullable Key application;
  private final Key work;
  private final List<JsonNode> manifests = new ArrayList<>();
  private final List<ManifestConfig> configs = new ArrayList<>();
  private final LinkedHashSet<OrphaningRule> left = new LinkedHashSet<>();
  private final TreeSet<String> taken = new TreeSet<>();
  private final TreeSet<String> replaced = new TreeSet<>();
  private final TreeSet<String> inherited = new TreeSet<>();
  private @Nullable Executor executor;

  WorkWriter(Key application, Key work) {
    this.application = application;
    this.work = work;
  }

  /// To change what a work leaves behind.
  WorkWriter(ManifestWork present) {
    this.application = null;
    this.work = present.key();
    var option = present.spec().deleteOption();
    var orphans = option == null ? null : option.selectivelyOrphans();
    if (orphans != null) {
      left.addAll(orphans.orphaningRules());
    }
  }

  /// A present work, told what to leave behind.
  ManifestWork told(ManifestWork present) {
    var spec = present.spec();
    return new ManifestWork(
        present.metadata(),
        new ManifestWork.Spec(spec.workload(), deletion(), spec.manifestConfigs(), spec.executor()),
        present.status());
  }

  /// The namespaces that some objects need, in order of need.
  ///
  /// @param all objects of the cluster, which may bring namespaces themselves
  void namespaces(Collection<ManifestIdentity> some, Collection<ManifestIdentity> all) {
    var needed = new LinkedHashSet<String>();
    some.forEach(identity -> needed.add(identity.namespace()));
    needed.remove("");
    needed.remove("default");
    for (var identity : all) {
      if (identity.kind().equals("Namespace") && identity.group().isEmpty()) {
        needed.remove(identity.name());
      }
    }
    for (var name : needed) {
      var namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
      namespace.putObject("metadata").put("name", name);
      manifests.add(namespace);
      configs.add(
          ManifestConfig.strategy(
              new ResourceIdentifier(null, "namespaces", null, name), "CreateOnly"));
      left.add(new OrphaningRule("", "namespaces", null, name));
    }
  }

  /// @param strategy null: the usual one
  void add(JsonNode manifest, @Nullable UpdateStrategy strategy, List<LivePath> live) {
    manifests.add(manifest);
    if (strategy == null && live.isEmpty()) {
      return;
    }
    configs.add(
        new ManifestConfig(
            identifier(ManifestIdentity.of(manifest)), feedback(live), null, strategy, List.of()));
  }

  /// An object that stays as a work has it.
  ///
  /// @param config its configuration there; null: none
  void keep(JsonNode manifest, @Nullable ManifestConfig config) {
    manifests.add(manifest);
    if (config != null) {
      configs.add(config);
    }
  }

  /// What a work says about how an object of it is treated.
  static Optional<ManifestConfig> configOf(ManifestWork work, ManifestIdentity object) {
    return work.spec().manifestConfigs().stream()
        .filter(config -> {
          var id = config.resourceIdentifier();
          return identifier(object)
              .equals(
                  new ResourceIdentifier(
                      orNull(orEmpty(id.group())),
                      id.resource(),
                      orNull(orEmpty(id.namespace())),
                      id.name()));
        })
        .findFirst();
  }

  /// Whether all of these values are fed back.
  static boolean feeds(ManifestConfig config, List<LivePath> live) {
    var fed = new HashSet<String>();
    for (var rule : config.feedbackRules()) {
      rule.jsonPaths().forEach(path -> fed.add(path.name()));
    }
    return live.stream().allMatch(path -> fed.contains(path.name()));
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static ResourceIdentifier identifier(ManifestIdentity identity) {
    return new ResourceIdentifier(
        orNull(identity.group()),
        ObjectKinds.plural(identity.kind()),
        orNull(identity.namespace()),
        identity.name());
  }

  private static List<FeedbackRule> feedback(List<LivePath> live) {
    var paths =
        live.stream().map(path -> new JsonPath(path.name(), path.jsonPath(), null)).toList();
    return paths.isEmpty() ? List.of() : List.of(new FeedbackRule("JSONPaths", paths));
  }

  /// The object stays in the cluster when it leaves the work, or when the work goes.
  void leave(ManifestIdentity identity) {
    left.add(
        new OrphaningRule(
            identity.group(),
            ObjectKinds.plural(identity.kind()),
            orNull(identity.namespace()),
            identity.name()));
  }

  /// The object is written although it was there before, and is somebody else's.
  void take(ManifestIdentity identity) {
    taken.add(identity.toString());
  }

  /// What others set in the object goes.
  void replace(ManifestIdentity identity) {
    replaced.add(identity.toString());
  }

  /// Another work leaves, or left, the object to this one.
  void inherit(ManifestIdentity identity) {
    inherited.add(identity.toString());
  }

  /// In whose name it is applied; null: with the agent's rights.
  void as(@Nullable Executor account) {
    executor = account;
  }

  /// @param component whose work it is; empty: it holds any
  ManifestWork work(String component) {
    var labels = new HashMap<String, String>(Works.labels(Objects.requireNonNull(application)));
    if (!component.isEmpty()) {
      labels.put(Works.COMPONENT, component);
    }
    var annotations =
        new HashMap<String, String>(
            new Adoption(Works.OWNER_LABELS, taken, replaced).annotations());
    if (!inherited.isEmpty()) {
      annotations.put(Heritage.ANNOTATION, Heritage.text(inherited));
    }
    return new ManifestWork(
        Meta.named(work.namespace(), work.name())
            .withLabels(Map.copyOf(labels))
            .withAnnotations(Map.copyOf(annotations)),
        new ManifestWork.Spec(new ManifestWork.Workload(manifests), deletion(), configs, executor),
        new ManifestWork.Status(List.of(), null));
  }

  private ManifestWork.@Nullable DeleteOption deletion() {
    return left.isEmpty()
        ? null
        : new ManifestWork.DeleteOption(
            "SelectivelyOrphan", new ManifestWork.SelectivelyOrphan(List.copyOf(left)), null);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
