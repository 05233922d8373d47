package io.nave.agent.work;

import io.nave.api.ResourceType;
import java.util.Optional;

/// Which API type of the cluster a manifest's kind is; `Discovery::find` for a real cluster.
@FunctionalInterface
public interface KindResolver {
  /// @return empty when the cluster serves no such kind at the moment
  /// @throws io.nave.runtime.Transport.Unreachable when the cluster does not answer
  Optional<ResourceType> find(String apiVersion, String kind);
}
