package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.patch.Patches;
import io.nave.applications.Blueprint.Bound;
import io.nave.applications.Rendered.Piece;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.LivePath;
import io.nave.applications.definitions.RenderFault;
import io.nave.work.ManifestIdentity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Renders components: the definition's objects, then each trait in order, over what is there so
/// far; then names, namespaces and labels (spec §7). Pure.
final class Renderer {
  private final Application application;
  private final String revision;
  private final long number;

  /// @param revision the name of the revision that is delivered
  /// @param number its number
  Renderer(Application application, String revision, long number) {
    this.application = application;
    this.revision = revision;
    this.number = number;
  }

  /// One component for one target.
  ///
  /// @throws Refusal naming the component and what went wrong
  Rendered render(Bound component, Target target) {
    try {
      return new Rendering(component, target).result();
    } catch (RenderFault e) {
      throw new Refusal(Stage.RENDER, "component \"" + component.name() + "\": " + e.getMessage());
    }
  }

  /// One component on its way.
  private final class Rendering {
    private final Bound component;
    private final Target target;
    private final ObjectNode context;
    private ObjectNode main;
    private final List<Piece> others = new ArrayList<>(); // live paths still open

    Rendering(Bound component, Target target) {
      this.component = component;
      this.target = target;
      context = context();
      var rendering = component.definition().render(component.parameter(), context.deepCopy());
      var output = rendering.output();
      if (output == null) {
        throw new RenderFault("its definition " + component.type() + " renders no output");
      }
      main = output;
      rendering.outputs().forEach((key, object) -> add(Rendered.COMPONENT, key, object));
      for (var i = 0; i < component.traits().size(); i++) {
        trait(component.traits().get(i), i);
      }
    }

    private void add(int owner, String key, ObjectNode object) {
      others.add(new Piece(owner, key, object, List.of()));
    }

    private void trait(Blueprint.BoundTrait trait, int index) {
      var seen = context.deepCopy();
      seen.put("componentType", component.type());
      seen.set("output", main);
      var outputs = seen.putObject("outputs");
      others.forEach(piece -> outputs.set(piece.key(), piece.manifest()));
      var rendering = trait.definition().render(trait.parameter(), seen);
      rendering.outputs().forEach((key, object) -> add(index, key, object));
      var patch = rendering.patch();
      if (patch != null) {
        main = patched(trait, patch);
      }
    }

    /// Kubernetes' own kinds merge lists by their keys; of others lists are replaced.
    private ObjectNode patched(Blueprint.BoundTrait trait, ObjectNode patch) {
      var identity = ManifestIdentity.of(main);
      var type =
          ResourceType.of(
              identity.group(),
              identity.version(),
              identity.kind(),
              ObjectKinds.plural(identity.kind()),
              true);
      var form =
          !identity.group().contains(".") || identity.group().endsWith(".k8s.io")
              ? Patch.Form.STRATEGIC
              : Patch.Form.MERGE;
      try {
        return Patches.apply(main, new Patch(form, patch), type);
      } catch (ApiError e) {
        throw new RenderFault("trait " + trait.type() + ": " + e.getMessage());
      }
    }

    private ObjectNode context() {
      var meta = application.metadata();
      var context = Json.object();
      context.put("name", component.name());
      context.put("appName", meta.name());
      context.put("namespace", target.namespace());
      context.put("cluster", target.cluster());
      context.put("appRevision", revision);
      context.put("appRevisionNum", number);
      if (!component.replicaKey().isEmpty()) {
        context.put("replicaKey", component.replicaKey());
      }
      meta.labels().forEach(context.putObject("appLabels")::put);
      meta.annotations().forEach(context.putObject("appAnnotations")::put);
      return context;
    }

    Rendered result() {
      var live = livePaths();
      var stamp = new Stamp(application, component, target, manifests());
      var pieces = new ArrayList<Piece>();
      pieces.add(
          new Piece(
              Rendered.COMPONENT,
              Definition.MAIN,
              stamp.main(main),
              pathsOf(live, Rendered.COMPONENT, Definition.MAIN)));
      for (var piece : others) {
        pieces.add(
            new Piece(
                piece.owner(),
                piece.key(),
                stamp.other(piece),
                pathsOf(live, piece.owner(), piece.key())));
      }
      return new Rendered(component, target, context, List.copyOf(pieces));
    }

    private List<ObjectNode> manifests() {
      var all = new ArrayList<ObjectNode>();
      all.add(main);
      others.forEach(piece -> all.add(piece.manifest()));
      return all;
    }

    /// By owner and key; what traits read of the main object counts for the component's.
    private Map<String, SortedSet<LivePath>> livePaths() {
      var found = new LinkedHashMap<String, SortedSet<LivePath>>();
      read(Rendered.COMPONENT, component.definition(), found);
      for (var i = 0; i < component.traits().size(); i++) {
        read(i, component.traits().get(i).definition(), found);
      }
      return found;
    }

    private void read(int owner, Definition definition, Map<String, SortedSet<LivePath>> found) {
      var objects = new LinkedHashMap<String, ObjectNode>();
      if (owner == Rendered.COMPONENT) {
        objects.put(Definition.MAIN, main);
      }
      others.stream()
          .filter(piece -> piece.owner() == owner)
          .forEach(piece -> objects.put(piece.key(), piece.manifest()));
      definition
          .livePaths(objects)
          .forEach((key, paths) ->
              found
                  .computeIfAbsent(
                      slot(key.equals(Definition.MAIN) ? Rendered.COMPONENT : owner, key),
                      _ -> new TreeSet<>())
                  .addAll(paths));
    }

    private static String slot(int owner, String key) {
      return owner + "/" + key;
    }

    private static List<LivePath> pathsOf(
        Map<String, SortedSet<LivePath>> live, int owner, String key) {
      return List.copyOf(live.getOrDefault(slot(owner, key), new TreeSet<>()));
    }
  }
}
