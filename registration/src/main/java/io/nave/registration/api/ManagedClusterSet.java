package io.nave.registration.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.Kind;
import io.nave.api.LabelSelector;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Length;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Pattern;
import io.nave.api.schema.Required;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A group of clusters that a namespace can be given.
@Doc("A group of clusters that a namespace can be given, by a ManagedClusterSetBinding.")
@Kind(
    group = ManagedCluster.GROUP,
    version = "v1beta2",
    plural = "managedclustersets",
    shortNames = {"mclset", "mclsets"},
    namespaced = false,
    columns = {
      @Kind.PrintColumn(
          name = "Empty",
          path = ".status.conditions[?(@.type==\"ClusterSetEmpty\")].status"),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp")
    })
public record ManagedClusterSet(Meta metadata, Spec spec, Status status) implements Resource {
  public static final String EXCLUSIVE = "ExclusiveClusterSetLabel";
  public static final String BY_LABELS = "LabelSelector";

  public ManagedClusterSet {
    spec = Absent.or(spec, new Spec(null, List.of()));
    status = Absent.or(status, new Status(List.of()));
  }

  public record Spec(
      @Default("{\"selectorType\":\"ExclusiveClusterSetLabel\"}")
          @Nullable ClusterSelector clusterSelector,
      @Doc("Namespaces that every cluster of the set keeps.") @ListMap("name")
          List<ManagedNamespace> managedNamespaces) {
    public Spec {
      managedNamespaces = Absent.toEmpty(managedNamespaces);
    }
  }

  /// A namespace wanted in each cluster.
  public record ManagedNamespace(
      @Required @Length(max = 63) @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$") String name) {}

  public record ClusterSelector(
      @Required @Default("\"ExclusiveClusterSetLabel\"") @OneOf({EXCLUSIVE, BY_LABELS})
          String selectorType,
      @Nullable LabelSelector labelSelector) {}

  public record Status(List<Condition> conditions) {
    public Status {
      conditions = Absent.toEmpty(conditions);
    }
  }

  /// Whether a cluster with these labels is a member (spec §4.5): by the exclusive label, or by the
  /// selector; a LabelSelector set without a selector has no members.
  @JsonIgnore
  public boolean contains(Map<String, String> clusterLabels) {
    if (exclusive()) {
      return metadata.name().equals(clusterLabels.get(ManagedCluster.SET_LABEL));
    }
    var labels = labels();
    return labels != null && labels.fault().isEmpty() && labels.matches(clusterLabels);
  }

  /// Whether clusters are members by the exclusive label.
  @JsonIgnore
  public boolean exclusive() {
    var selector = spec.clusterSelector();
    var type = selector == null ? "" : selector.selectorType();
    return type.isEmpty() || type.equals(EXCLUSIVE);
  }

  /// Whether every cluster is a member: the selector is there, and empty.
  @JsonIgnore
  public boolean everything() {
    var labels = labels();
    return !exclusive() && labels != null && labels.equals(LabelSelector.everything());
  }

  private @Nullable LabelSelector labels() {
    var selector = spec.clusterSelector();
    return selector == null ? null : selector.labelSelector();
  }
}
