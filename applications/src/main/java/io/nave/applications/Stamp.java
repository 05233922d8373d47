package io.nave.applications;

import io.nave.applications.Blueprint.Bound;
import io.nave.applications.api.Application;
import io.nave.work.ManifestIdentity;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Gives the rendered objects of a component their names, namespaces, labels and annotations (spec
/// §7.2, §7.3).
final class Stamp {
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final String LABEL_FILTER = "filter.oam.dev/label-keys";
  private static final String ANNOTATION_FILTER = "filter.oam.dev/annotation-keys";
  private static final Set<String> NEVER_COPIED =
      Set.of(LAST_APPLIED, LABEL_FILTER, ANNOTATION_FILTER, Hands.ASKED, Hands.BY, Hands.RESTART);

  private final Application application;
  private final Bound component;
  private final Target target;
  private final List<ObjectNode> siblings;

  /// @param siblings all objects of the component
  Stamp(Application application, Bound component, Target target, List<ObjectNode> siblings) {
    this.application = application;
    this.component = component;
    this.target = target;
    this.siblings = siblings;
  }

  /// The main object; a changed copy.
  ObjectNode main(ObjectNode object) {
    var labels = labels("WORKLOAD");
    labels.put("workload.oam.dev/type", component.definition().name());
    return stamped(object, component.name(), labels);
  }

  /// A further object; a changed copy.
  ObjectNode other(Rendered.Piece piece) {
    var type =
        piece.owner() == Rendered.COMPONENT
            ? "AuxiliaryWorkload"
            : component.traits().get(piece.owner()).definition().name();
    var labels = labels("TRAIT");
    labels.put("trait.oam.dev/type", type);
    labels.put("trait.oam.dev/resource", Names.bounded(piece.key(), Blueprint.NAME_MAX));
    var name =
        Names.bounded(component.name() + "-" + type.toLowerCase(Locale.ROOT), 54)
            + "-"
            + Names.hash(
                component.name()
                    + "/"
                    + piece.owner()
                    + "/"
                    + piece.key()
                    + component.replicaKey());
    return stamped(piece.manifest(), name, labels);
  }

  private Map<String, String> labels(String resourceType) {
    var labels = new TreeMap<String, String>();
    labels.put("app.oam.dev/name", application.metadata().name());
    labels.put("app.oam.dev/namespace", application.metadata().namespace());
    labels.put("app.oam.dev/component", component.name());
    labels.put("app.oam.dev/resourceType", resourceType);
    if (!component.replicaKey().isEmpty()) {
      labels.put("app.oam.dev/replicaKey", component.replicaKey());
    }
    return labels;
  }

  private ObjectNode stamped(ObjectNode object, String name, Map<String, String> labels) {
    var copy = object.deepCopy();
    var meta = copy.withObjectProperty("metadata");
    if (meta.path("name").asString("").isEmpty()) {
      meta.put("name", name);
    }
    place(copy, meta);
    var own = application.metadata();
    copyInto(meta, "labels", own.labels(), filter(LABEL_FILTER));
    copyInto(meta, "annotations", own.annotations(), filter(ANNOTATION_FILTER));
    labels.forEach(meta.withObjectProperty("labels")::put);
    return copy;
  }

  private void place(ObjectNode object, ObjectNode meta) {
    var identity = ManifestIdentity.of(object);
    if (!ObjectKinds.namespaced(identity.group(), identity.kind(), siblings)) {
      meta.remove("namespace");
    } else if (target.forced() || identity.namespace().isEmpty()) {
      meta.put("namespace", target.namespace());
    }
  }

  /// What the object says itself wins.
  private static void copyInto(
      ObjectNode meta, String field, Map<String, String> from, Set<String> except) {
    for (var entry : from.entrySet()) {
      if (!except.contains(entry.getKey()) && !NEVER_COPIED.contains(entry.getKey())) {
        var into = meta.withObjectProperty(field);
        if (!into.has(entry.getKey())) {
          into.put(entry.getKey(), entry.getValue());
        }
      }
    }
  }

  private Set<String> filter(String annotation) {
    var text = application.metadata().annotations().getOrDefault(annotation, "");
    return text.isEmpty() ? Set.of() : new TreeSet<>(List.of(text.strip().split("\\s*,\\s*")));
  }
}
