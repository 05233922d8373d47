package io.nave.applications;

import io.nave.api.Key;
import io.nave.registration.api.ManagedCluster;
import java.util.List;
import java.util.Optional;

/// The clusters an application may name, as they are now.
interface Fleet {
  Optional<ManagedCluster> cluster(String name);

  /// All of them, by name.
  List<ManagedCluster> clusters();

  /// The clusters a Placement chose, by name; empty while there is no decision at all.
  Optional<List<String>> decisions(Key placement);
}
