package io.nave.apiserver.rbac;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.LabelSelector;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be allowed anywhere.
///
/// @param aggregationRule when there, the rules are those of all ClusterRoles it selects
@Doc(
    "ClusterRole is a cluster level, logical grouping of PolicyRules that a RoleBinding or"
        + " ClusterRoleBinding can refer to.")
@Kind(
    group = RoleRef.GROUP,
    version = "v1",
    plural = "clusterroles",
    namespaced = false,
    status = false,
    columns = @Kind.PrintColumn(name = "Created At", path = ".metadata.creationTimestamp"))
public record ClusterRole(
    Meta metadata, @Nullable AggregationRule aggregationRule, List<PolicyRule> rules)
    implements Resource {

  /// Which ClusterRoles' rules make up this one's: those that any selector matches.
  public record AggregationRule(List<LabelSelector> clusterRoleSelectors) {
    public AggregationRule {
      clusterRoleSelectors = Absent.toEmpty(clusterRoleSelectors);
    }
  }

  public ClusterRole {
    rules = Absent.toEmpty(rules);
  }
}
