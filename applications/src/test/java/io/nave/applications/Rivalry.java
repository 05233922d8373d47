package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.api.Environment;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A fleet in which `shop/rival` delivers every object of one name.
record Rivalry(Fleet fleet, String object) implements Fleet {
  @Override
  public List<Holder> holders(String cluster, ManifestIdentity identity) {
    return identity.name().equals(object)
        ? List.of(new Holder(Key.of("shop", "rival"), Instant.EPOCH, false))
        : fleet.holders(cluster, identity);
  }

  @Override
  public List<Contest> rivals(Key application) {
    return fleet.rivals(application);
  }

  @Override
  public Optional<ManagedCluster> cluster(String name) {
    return fleet.cluster(name);
  }

  @Override
  public List<ManagedCluster> clusters() {
    return fleet.clusters();
  }

  @Override
  public Optional<List<String>> decisions(Key placement) {
    return fleet.decisions(placement);
  }

  @Override
  public Optional<Environment> environment(Key key) {
    return fleet.environment(key);
  }

  @Override
  public Optional<List<ManagedCluster>> members(String namespace, String clusterSet) {
    return fleet.members(namespace, clusterSet);
  }
}
