package io.nave.registration.api;

import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Length;
import java.util.List;

/// Gives a namespace the use of a cluster set. Its name is the set's name.
@Doc("Gives a namespace the use of a cluster set. Its name must be the set's name.")
@Kind(
    group = ManagedCluster.GROUP,
    version = "v1beta2",
    plural = "managedclustersetbindings",
    shortNames = {"mclsetbinding", "mclsetbindings"})
public record ManagedClusterSetBinding(Meta metadata, Spec spec, Status status)
    implements Resource {
  public ManagedClusterSetBinding {
    spec = Absent.or(spec, new Spec(""));
    status = Absent.or(status, new Status(List.of()));
  }

  public record Spec(@Length(min = 1) String clusterSet) {
    public Spec {
      clusterSet = Absent.toEmpty(clusterSet);
    }
  }

  public record Status(List<Condition> conditions) {
    public Status {
      conditions = Absent.toEmpty(conditions);
    }
  }
}
