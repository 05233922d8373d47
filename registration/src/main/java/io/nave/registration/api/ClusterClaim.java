package io.nave.registration.api;

import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Length;
import io.nave.api.schema.Required;
import org.jspecify.annotations.Nullable;

/// A fact that a cluster keeps about itself and its agent reports to the hub (spec §2.5). Lives in
/// the managed cluster.
@Doc("A fact that a cluster keeps about itself; its agent reports it to the hub.")
@Kind(
    group = ManagedCluster.GROUP,
    version = "v1alpha1",
    plural = "clusterclaims",
    namespaced = false,
    status = false)
public record ClusterClaim(Meta metadata, @Nullable Spec spec) implements Resource {
  public record Spec(
      @Doc("What the fact is.") @Required @Length(min = 1, max = 1024) String value) {}
}
