package io.nave.apiserver.kinds;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Range;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who holds something, and until when; also an agent's sign of life.
@Doc("Lease defines a lease concept.")
@Kind(
    group = "coordination.k8s.io",
    version = "v1",
    plural = "leases",
    status = false,
    columns = {
      @Kind.PrintColumn(name = "Holder", path = ".spec.holderIdentity"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record Lease(Meta metadata, Spec spec) implements Resource {
  public record Spec(
      @Nullable String holderIdentity,
      @Range(min = 1) @Nullable Integer leaseDurationSeconds,
      @Nullable Instant acquireTime,
      @Nullable Instant renewTime,
      @Range(min = 0) @Nullable Integer leaseTransitions,
      @Nullable String strategy,
      @Nullable String preferredHolder) {}

  public Lease {
    spec = Absent.or(spec, new Spec(null, null, null, null, null, null, null));
  }
}
