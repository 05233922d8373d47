package io.nave.work;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Required;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The agent's record, in the managed cluster, of what it applied for one [ManifestWork]; the
/// applied objects carry an owner reference to it.
@Doc("The agent's record, in the managed cluster, of what it applied for one ManifestWork.")
@Kind(
    group = "work.open-cluster-management.io",
    version = "v1",
    plural = "appliedmanifestworks",
    namespaced = false)
public record AppliedManifestWork(Meta metadata, Spec spec, Status status) implements Resource {
  public static final String FINALIZER =
      "cluster.open-cluster-management.io/applied-manifest-work-cleanup";

  public AppliedManifestWork {
    status = Absent.or(status, new Status(List.of(), null));
  }

  /// @param hubHash lower-case hex SHA-256 of the hub's URL
  public record Spec(
      @Required String hubHash, @Required String manifestWorkName, @Nullable String agentID) {}

  public record Status(
      List<AppliedResource> appliedResources, @Nullable Instant evictionStartTime) {
    public Status {
      appliedResources = Absent.toEmpty(appliedResources);
    }
  }

  public record AppliedResource(
      @Nullable String group,
      @Required String version,
      @Required String resource,
      @Nullable String namespace,
      @Required String name,
      @Nullable String uid) {
    public AppliedResource {
      group = Absent.toEmpty(group);
      namespace = Absent.toEmpty(namespace);
      uid = Absent.toEmpty(uid);
    }
  }
}
