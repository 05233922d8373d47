package io.nave.placement.schedule;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.placement.api.Placement;
import io.nave.registration.api.ManagedCluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tries changes on a copy of an [Engine], and tells which decisions would change.
public final class WhatIf {
  /// Most changes of one question.
  public static final int CHANGES_MAX = 1000;

  /// The taint a drained cluster gets here.
  static final String DRAINED = "nave.io/drained";

  /// One thing that might happen.
  public sealed interface Change {
    /// The cluster it is about; empty when it is about none.
    default String cluster() {
      return "";
    }

    /// A cluster comes, or becomes this.
    record Cluster(ApiObject object) implements Change {
      @Override
      public String cluster() {
        return object.name();
      }
    }

    /// A cluster goes.
    record Gone(String cluster) implements Change {}

    /// A cluster gets a taint; one of the same key is replaced.
    record Tainted(String cluster, ManagedCluster.Taint taint) implements Change {}

    /// A cluster loses the taints of a key.
    record Untainted(String cluster, String key) implements Change {}

    /// A cluster's labels change.
    ///
    /// @param labels an empty Optional takes the label away
    record Labelled(String cluster, Map<String, java.util.Optional<String>> labels)
        implements Change {}

    /// A Placement comes, or becomes this.
    record Edited(Placement placement) implements Change {}
  }

  /// What would become of one Placement's decisions.
  ///
  /// @param replicas of each cluster then; empty when none are divided
  /// @param reason of PlacementSatisfied then
  public record Difference(
      Key placement,
      List<String> added,
      List<String> removed,
      Map<String, Integer> replicas,
      String reason,
      String message) {}

  private WhatIf() {}

  /// The Placements whose decisions would differ, by key.
  ///
  /// @throws ApiError BadRequest when a change is about a cluster that is not there
  public static List<Difference> ask(Engine engine, List<Change> changes, Instant now) {
    return differences(engine, after(engine, changes, now));
  }

  /// The engine as it would be.
  static Engine after(Engine engine, List<Change> changes, Instant now) {
    var copy = engine.copy();
    copy.tick(now);
    for (var i = 0; i < changes.size(); i++) {
      apply(copy, changes.get(i), "changes[" + i + "]", now);
    }
    return copy;
  }

  private static List<Difference> differences(Engine before, Engine after) {
    var differences = new ArrayList<Difference>();
    for (var key : after.drain()) {
      var is = before.desired(key).orElse(null);
      var then = after.desired(key).orElse(null);
      if (then != null && differ(is, then)) {
        var now = is == null ? List.<String>of() : is.selected();
        differences.add(
            new Difference(
                key,
                without(then.selected(), now),
                without(now, then.selected()),
                then.replicas(),
                then.satisfied().reason(),
                then.satisfied().message()));
      }
    }
    return List.copyOf(differences);
  }

  /// Whether the clusters differ, or their replicas as far as both are known.
  static boolean differ(@Nullable Schedule is, Schedule then) {
    if (is == null) {
      return !then.selected().isEmpty();
    }
    return !then.selected().equals(is.selected())
        || (!is.keeps() && !then.keeps() && !is.replicas().equals(then.replicas()));
  }

  private static List<String> without(List<String> some, List<String> others) {
    var left = new TreeSet<>(some);
    others.forEach(left::remove);
    return List.copyOf(left);
  }

  private static void apply(Engine engine, Change change, String path, Instant now) {
    switch (change) {
      case Change.Cluster(var object) -> engine.cluster(row(object, path), now);
      case Change.Gone(var cluster) -> {
        document(engine, cluster, path);
        engine.clusterGone(cluster, now);
      }
      case Change.Tainted(var cluster, var taint) ->
          edit(engine, cluster, path, now, tree -> taint(tree, taint, now));
      case Change.Untainted(var cluster, var key) ->
          edit(engine, cluster, path, now, tree -> untaint(tree, key));
      case Change.Labelled(var cluster, var labels) ->
          edit(engine, cluster, path, now, tree -> label(tree, labels));
      case Change.Edited(var placement) -> engine.placement(placement, now);
    }
  }

  private static void edit(
      Engine engine,
      String cluster,
      String path,
      Instant now,
      java.util.function.Consumer<ObjectNode> change) {
    engine.cluster(row(document(engine, cluster, path).edit(change), path), now);
  }

  private static ApiObject document(Engine engine, String cluster, String path) {
    var document = engine.document(cluster);
    if (document == null) {
      throw ApiError.badRequest(
          path + ": there is no cluster \"" + cluster + "\"; add it with an earlier change");
    }
    return document;
  }

  private static ClusterRow row(ApiObject object, String path) {
    if (object.name().isEmpty()) {
      throw ApiError.badRequest(path + ".cluster.metadata.name: expected a name, found none");
    }
    return ClusterRow.of(Codec.decode(object, ManagedCluster.class), object);
  }

  private static void taint(ObjectNode tree, ManagedCluster.Taint taint, Instant now) {
    untaint(tree, taint.key());
    var added = taints(tree).addObject();
    added.put("key", taint.key()).put("effect", taint.effect()).put("timeAdded", now.toString());
    if (taint.value() != null) {
      added.put("value", taint.value());
    }
  }

  private static void untaint(ObjectNode tree, String key) {
    var kept = new ArrayList<JsonNode>();
    taints(tree).forEach(kept::add);
    taints(tree).removeAll();
    kept.stream()
        .filter(each -> !each.path("key").asString("").equals(key))
        .forEach(taints(tree)::add);
  }

  private static ArrayNode taints(ObjectNode tree) {
    return tree.withObject("/spec").withArray("taints");
  }

  private static void label(ObjectNode tree, Map<String, java.util.Optional<String>> labels) {
    var present = tree.withObject("/metadata").withObject("/labels");
    new TreeMap<>(labels)
        .forEach((key, value) ->
            value.ifPresentOrElse(text -> present.put(key, text), () -> present.remove(key)));
  }

  /// Reads the `changes` of a question.
  ///
  /// @throws ApiError BadRequest naming the path, what was expected and what was found
  /// @param placement the one that is asked about; null: a cluster is
  public static List<Change> parse(JsonNode changes, @Nullable Key placement) {
    if (!changes.isArray() || changes.isEmpty() || changes.size() > CHANGES_MAX) {
      throw ApiError.badRequest("changes: expected a list of 1 to " + CHANGES_MAX + " changes");
    }
    var parsed = new ArrayList<Change>();
    for (var i = 0; i < changes.size(); i++) {
      parsed.add(WhatIfReader.read(changes.get(i), "changes[" + i + "]", placement));
    }
    return List.copyOf(parsed);
  }
}
