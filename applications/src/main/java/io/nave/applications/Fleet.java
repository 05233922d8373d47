package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.api.Environment;
import io.nave.applications.policies.Treatments;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.ManifestConfig;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// The clusters an application may name, and what others deliver to them, as it is now.
interface Fleet extends ClusterFacts {

  /// All of them, by name.
  List<ManagedCluster> clusters();

  /// The clusters a Placement chose, by name; empty while there is no decision at all.
  Optional<List<String>> decisions(Key placement);

  /// An environment; empty: there is none.
  Optional<Environment> environment(Key key);

  /// The clusters of a set, if the set is bound to the namespace.
  Optional<List<ManagedCluster>> members(String namespace, String clusterSet);

  /// The applications whose works write an object of a cluster.
  List<Holder> holders(String cluster, ManifestIdentity object);

  /// What other applications want that this one delivers.
  List<Contest> rivals(Key application);

  /// Whether anything was read so far whose changes nobody tells, so that it has to be looked at
  /// again.
  default boolean isUntold() {
    return false;
  }

  /// An application that writes an object; the one with the older work first.
  ///
  /// @param shared whether it lets others have it too
  record Holder(Key application, Instant since, boolean shared) implements Comparable<Holder> {
    private static final Comparator<Holder> ORDER =
        Comparator.comparing(Holder::since).thenComparing(Holder::application);

    /// What a work says about an object; empty when it does not write it, or is on its way out.
    ///
    /// @param shares whether the application shares a manifest of its
    static Optional<Holder> of(
        Key application, ManifestWork work, ManifestIdentity object, Predicate<JsonNode> shares) {
      if (work.metadata().deleting()) {
        return Optional.empty();
      }
      for (var manifest : Works.manifests(work)) {
        if (ManifestIdentity.of(manifest).equals(object) && writes(work, object)) {
          var created = work.metadata().creationTimestamp();
          return Optional.of(
              new Holder(
                  application, created == null ? Instant.EPOCH : created, shares.test(manifest)));
        }
      }
      return Optional.empty();
    }

    private static boolean writes(ManifestWork work, ManifestIdentity object) {
      return Treatments.writes(
          WorkWriter.configOf(work, object).map(ManifestConfig::updateStrategy).orElse(null));
    }

    @Override
    public int compareTo(Holder other) {
      return ORDER.compare(this, other);
    }
  }
}
