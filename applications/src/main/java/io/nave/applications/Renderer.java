package io.nave.applications;

import io.nave.api.Json;
import io.nave.applications.Blueprint.Bound;
import io.nave.applications.Rendered.Piece;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.Edit;
import io.nave.applications.definitions.LivePath;
import io.nave.applications.definitions.PodTemplate;
import io.nave.applications.definitions.RenderFault;
import io.nave.applications.revisions.Content;
import io.nave.applications.revisions.Revisions;
import io.nave.work.ManifestIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Renders components: the definition's objects, then each trait in order, over what is there so
/// far; then names, namespaces and labels (spec §7). Pure. For one pass: what no definition makes
/// differ between clusters is rendered once.
final class Renderer {
  private static final String WORKFLOW_NAME = "app.oam.dev/workflowName";

  private final Application application;
  private final String revision;
  private final long number;
  private final ClusterFacts fleet;
  private @Nullable JsonNode components; // once it was asked for
  private final IdentityHashMap<Bound, Map<Spot, Rendered>> shared =
      new IdentityHashMap<>(); // looked up only

  /// Where in any cluster.
  private record Spot(String namespace, boolean forced) {}

  /// Of an application that is delivered for the first time.
  ///
  /// @param fleet tells what versions the clusters run
  Renderer(Application application, ClusterFacts fleet) {
    this(application, Revisions.name(application.metadata().name(), 1), 1, fleet);
  }

  /// @param revision the name of the revision that is delivered
  /// @param number its number
  /// @param fleet tells what versions the clusters run
  Renderer(Application application, String revision, long number, ClusterFacts fleet) {
    this.application = application;
    this.revision = revision;
    this.number = number;
    this.fleet = fleet;
  }

  /// One component for one target.
  ///
  /// @throws Refusal naming the component and what went wrong
  Rendered render(Bound component, Target target) {
    if (readsCluster(component)) {
      return rendered(component, target);
    }
    var known = shared.computeIfAbsent(component, _ -> new HashMap<>());
    var spot = new Spot(target.namespace(), target.forced());
    var there = known.get(spot);
    if (there == null) {
      there = rendered(component, target);
      known.put(spot, there);
    }
    return there.target().equals(target) ? there : elsewhere(there, target);
  }

  /// All components as the application writes them. Not to be changed.
  private JsonNode components() {
    var known = components;
    if (known == null) {
      known = Json.tree(application.spec().components());
      components = known;
    }
    return known;
  }

  private static boolean readsCluster(Bound component) {
    return component.definition().readsCluster()
        || component.traits().stream().anyMatch(trait -> trait.definition().readsCluster());
  }

  /// The same objects in another cluster.
  private Rendered elsewhere(Rendered rendered, Target target) {
    var context = Json.object().setAll(rendered.context());
    place(context, target.cluster());
    return new Rendered(rendered.component(), target, context, rendered.pieces());
  }

  private void place(ObjectNode context, String cluster) {
    context.put("cluster", cluster);
    context.remove("clusterVersion");
    ClusterVersion.of(fleet, cluster)
        .ifPresent(version -> context.set("clusterVersion", version.json()));
  }

  private Rendered rendered(Bound component, Target target) {
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
    private int manager = Rendered.COMPONENT; // the trait that renders the workload in its place

    Rendering(Bound component, Target target) {
      this.component = component;
      this.target = target;
      context = context();
      var rendering = component.definition().render(component.parameter(), context);
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
      var rendering = trait.definition().render(trait.parameter(), seen());
      rendering.outputs().forEach((key, object) -> add(index, key, object));
      if (trait.definition().rules().manageWorkload() && !rendering.outputs().isEmpty()) {
        manager = index;
      }
      try {
        rendering.edits().forEach(this::edit);
      } catch (RenderFault e) {
        throw new RenderFault("trait \"" + trait.type() + "\": " + e.getMessage());
      }
    }

    /// What the expressions of a trait see: what is rendered so far.
    private ObjectNode seen() {
      var seen = Json.object().setAll(context);
      seen.put("componentType", component.type());
      seen.set("output", main);
      var pod = PodTemplate.of(main, component.definition().podSpecPath());
      if (pod != null) {
        seen.set("pod", pod);
      }
      var outputs = seen.putObject("outputs");
      others.forEach(piece -> outputs.set(piece.key(), piece.manifest()));
      return seen;
    }

    private void edit(Edit edit) {
      if (edit.target().equals(Definition.MAIN)) {
        main = edit.applyTo(main, component.definition().podSpecPath());
        return;
      }
      for (var i = others.size() - 1; i >= 0; i--) {
        var piece = others.get(i);
        if (piece.key().equals(edit.target())) {
          others.set(i, piece.with(edit.applyTo(piece.manifest(), "")));
          return;
        }
      }
      throw new RenderFault(
          "patchOutputs.%s: there is no such output; the outputs so far are %s"
              .formatted(edit.target(), others.stream().map(Piece::key).toList()));
    }

    private ObjectNode context() {
      var meta = application.metadata();
      var context = Json.object();
      context.put("name", component.name());
      context.put("appName", meta.name());
      context.put("namespace", target.namespace());
      place(context, target.cluster());
      context.put("appRevision", revision);
      context.put("appRevisionNum", number);
      context.put("revision", component.revision());
      if (!component.replicaKey().isEmpty()) {
        context.put("replicaKey", component.replicaKey());
      }
      context.put("appNamespace", meta.namespace());
      context.put("componentType", component.type());
      context.put("publishVersion", annotation(Content.PUBLISH_VERSION));
      context.put("workflowName", annotation(WORKFLOW_NAME));
      context.set("components", components());
      if (!component.definition().refers().isEmpty()) {
        context.set("referred", referred());
      }
      meta.labels().forEach(context.putObject("appLabels")::put);
      meta.annotations().forEach(context.putObject("appAnnotations")::put);
      return context;
    }

    private String annotation(String key) {
      return application.metadata().annotations().getOrDefault(key, "");
    }

    private ArrayNode referred() {
      var found = Json.array();
      for (var reference : Reference.in(component)) {
        fleet
            .objects(application.metadata().namespace(), reference)
            .forEach(object -> found.add(Reference.cleaned(object)));
      }
      return found;
    }

    Rendered result() {
      var live = livePaths();
      var stamp = new Stamp(application, component, target, manifests());
      var stamped = stamp.main(main);
      var pieces = new ArrayList<Piece>();
      if (manager == Rendered.COMPONENT) {
        pieces.add(
            new Piece(
                Rendered.COMPONENT,
                Definition.MAIN,
                stamped,
                pathsOf(live, Rendered.COMPONENT, Definition.MAIN)));
      }
      for (var piece : workloadFirst()) {
        pieces.add(
            new Piece(
                piece.owner(),
                piece.key(),
                referring(piece.owner(), stamp.other(piece), stamped),
                pathsOf(live, piece.owner(), piece.key())));
      }
      return new Rendered(component, target, context, joined(pieces));
    }

    /// What a component renders twice, such as its Service, is one object: the later over the
    /// earlier, and each piece of it shows the whole.
    private static List<Piece> joined(List<Piece> pieces) {
      var whole = new LinkedHashMap<ManifestIdentity, Piece>();
      pieces.forEach(
          piece -> whole.merge(ManifestIdentity.of(piece.manifest()), piece, Rendering::over));
      return pieces.stream()
          .map(piece -> {
            var all = whole.getOrDefault(ManifestIdentity.of(piece.manifest()), piece);
            return new Piece(piece.owner(), piece.key(), all.manifest(), all.live());
          })
          .toList();
    }

    private static Piece over(Piece earlier, Piece later) {
      var edit = new Edit(Definition.MAIN, Edit.Form.MERGE, later.manifest());
      var live = new TreeSet<>(earlier.live());
      live.addAll(later.live());
      return new Piece(
          later.owner(), later.key(), edit.applyTo(earlier.manifest(), ""), List.copyOf(live));
    }

    private List<Piece> workloadFirst() {
      var ordered = new ArrayList<Piece>();
      others.stream()
          .filter(piece -> manager != Rendered.COMPONENT && piece.owner() == manager)
          .forEach(ordered::add);
      others.stream().filter(piece -> !ordered.contains(piece)).forEach(ordered::add);
      return ordered;
    }

    /// The object with a reference to the workload where its trait asks for one.
    private ObjectNode referring(int owner, ObjectNode object, ObjectNode workload) {
      var path =
          owner == Rendered.COMPONENT
              ? ""
              : component.traits().get(owner).definition().rules().workloadRefPath();
      if (path.isEmpty()) {
        return object;
      }
      var parent = object;
      for (var name : path.split("\\.")) {
        parent = parent.withObjectProperty(name);
      }
      parent.set("apiVersion", workload.path("apiVersion"));
      parent.set("kind", workload.path("kind"));
      parent.set("name", workload.path("metadata").path("name"));
      return object;
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
