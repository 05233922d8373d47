package io.nave.placement.schedule;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Resource;
import io.nave.api.Yaml;
import io.nave.placement.api.AddOnPlacementScore;
import io.nave.placement.api.Placement;
import io.nave.placement.api.PlacementDecision.Decision;
import io.nave.placement.schedule.Expressions.Verdict;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Objects for the tests of this package, from the JSON or YAML a person would write.
final class Samples {
  static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

  /// A language of its own for tests: `true`, `no`, `label k v`, `score resource name least`,
  /// `costly label` (runs for ever on clusters that carry it), `dear label` (on two such clusters
  /// it costs too much).
  static final Expressions WORDS = Samples::compile;

  private Samples() {}

  private static Expressions.Compiled compile(String text) {
    var words = text.split(" ");
    return switch (words[0]) {
      case "true" -> (_, _) -> new Verdict(true, 1);
      case "no" -> (_, _) -> new Verdict(false, 1);
      case "label" ->
          (cluster, _) -> new Verdict(words[2].equals(cluster.labels().get(words[1])), 1);
      case "score" ->
          (_, scores) -> {
            for (var score : scores.apply(words[1])) {
              if (score.path("name").asString("").equals(words[2])) {
                return new Verdict(score.path("value").asInt(0) >= Integer.parseInt(words[3]), 1);
              }
            }
            return new Verdict(false, 1);
          };
      case "dear" ->
          (cluster, _) -> new Verdict(true, cluster.labels().containsKey(words[1]) ? 6_000_000 : 1);
      case "costly" ->
          (cluster, _) -> {
            if (cluster.labels().containsKey(words[1])) {
              throw new Expressions.BadExpression("would run for ever");
            }
            return new Verdict(true, 1);
          };
      default -> throw new Expressions.BadExpression("cannot be read: " + text);
    };
  }

  /// The usual decisions.
  static List<Decision> decisions(List<String> clusters) {
    return clusters.stream().map(Decision::of).toList();
  }

  static Placement placement(String spec) {
    return placement("apps", "web", spec);
  }

  static Placement placement(String namespace, String name, String spec) {
    return read(
        "{metadata: {namespace: %s, name: %s, uid: u-%s, generation: 1}, spec: %s}"
            .formatted(namespace, name, name, spec),
        Placement.class);
  }

  static ManagedCluster cluster(String yaml) {
    return read(yaml, ManagedCluster.class);
  }

  static ManagedCluster inProd(String name, String more) {
    return cluster(
        "{metadata: {name: %s, labels: {cluster.open-cluster-management.io/clusterset: prod}}%s}"
            .formatted(name, more.isEmpty() ? "" : ", " + more));
  }

  /// A cluster of the set prod in a region.
  static ManagedCluster inRegion(String name, String region) {
    return cluster(
        "{metadata: {name: %s, labels: {cluster.open-cluster-management.io/clusterset: prod, region: %s}}}"
            .formatted(name, region));
  }

  static ManagedCluster tainted(String name, String taint) {
    return inProd(name, "spec: {taints: [" + taint + "]}");
  }

  static ManagedClusterSet set(String name) {
    return read("{metadata: {name: " + name + "}}", ManagedClusterSet.class);
  }

  static AddOnPlacementScore scores(String cluster, String name, String status) {
    return read(
        "{metadata: {namespace: %s, name: %s}, status: %s}".formatted(cluster, name, status),
        AddOnPlacementScore.class);
  }

  static ClusterRow row(ManagedCluster cluster) {
    return ClusterRow.of(cluster, Codec.encode(cluster));
  }

  static <T extends Resource> T read(String yaml, Class<T> type) {
    return Codec.decode(ApiObject.of((ObjectNode) Yaml.parse(yaml)), type);
  }
}
