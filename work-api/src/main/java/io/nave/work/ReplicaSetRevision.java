package io.nave.work;

import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Preserve;
import io.nave.api.schema.Required;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a [ManifestWorkReplicaSet] rolled out at one time, for going back to it. Nave's own kind;
/// written by the hub, owned by its set, and never changed.
@Doc("What a ManifestWorkReplicaSet rolled out at one time, for going back to it.")
@Kind(
    group = "work.nave.io",
    version = "v1alpha1",
    plural = "replicasetrevisions",
    status = false,
    columns = {
      @Kind.PrintColumn(
          name = "Set",
          path = ".metadata.labels['work\\.open-cluster-management\\.io/manifestworkreplicaset']"),
      @Kind.PrintColumn(name = "Revision", type = "integer", path = ".spec.revision"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ReplicaSetRevision(Meta metadata, Spec spec) implements Resource {
  /// @param revision counts from 1
  /// @param digest of template and values, see [WorkDigest]
  /// @param template a ManifestWork's spec
  /// @param clusterValues the set's values at that time
  public record Spec(
      @Required long revision,
      @Required String digest,
      @Required @Preserve JsonNode template,
      @Preserve @Nullable JsonNode clusterValues) {}
}
