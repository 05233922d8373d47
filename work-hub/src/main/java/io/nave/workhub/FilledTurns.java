package io.nave.workhub;

import io.nave.api.Key;
import io.nave.registration.api.ManagedCluster;
import io.nave.workhub.SetPlan.Unfit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// What each cluster gets of sets whose values differ from cluster to cluster, remembered by what
/// it follows from: the set's generation and the cluster's labels and claims. A pass over a set on
/// a thousand clusters, which every status brings, then evaluates nothing.
///
/// Only digests stay in memory: the specs of a thousand clusters would be a thousand templates. A
/// spec is filled again when it is written, which is rare.
final class FilledTurns {
  /// Fills a template for one cluster, in as many parts as it takes.
  interface Filler {
    List<JsonNode> fill(ManagedCluster cluster) throws Unfit;
  }

  /// @param version of the set: its uid and generation
  private record OfSet(String version, Map<String, OfCluster> clusters) {}

  private record OfCluster(
      Map<String, String> labels, List<ManagedCluster.Claim> claims, List<String> digests) {
    boolean isOf(ManagedCluster cluster) {
      return labels.equals(cluster.metadata().labels())
          && claims.equals(cluster.status().clusterClaims());
    }
  }

  private final Map<Key, OfSet> sets = new ConcurrentHashMap<>(); // looked up by key only

  /// What this cluster is to get.
  ///
  /// @throws Unfit when the template cannot be filled for it
  Turn of(Key set, String version, ManagedCluster cluster, Filler filler) throws Unfit {
    var clusters =
        sets.compute(
                set,
                (_, known) ->
                    known != null && known.version().equals(version)
                        ? known
                        : new OfSet(version, new ConcurrentHashMap<>()))
            .clusters();
    var name = cluster.metadata().name();
    var known = clusters.get(name);
    if (known != null && known.isOf(cluster)) {
      return Turn.later(known.digests(), () -> refilled(filler, cluster));
    }
    var turn = Turn.of(filler.fill(cluster));
    var digests = new ArrayList<String>();
    turn.parts().forEach(part -> digests.add(part.digest()));
    clusters.put(
        name,
        new OfCluster(
            cluster.metadata().labels(), cluster.status().clusterClaims(), List.copyOf(digests)));
    return turn;
  }

  /// Drops what is remembered of a set that has gone.
  void forget(Key set) {
    sets.remove(set);
  }

  private static List<JsonNode> refilled(Filler filler, ManagedCluster cluster) {
    try {
      return filler.fill(cluster);
    } catch (Unfit e) {
      throw new IllegalStateException("it was filled from the same before: " + e.getMessage(), e);
    }
  }
}
