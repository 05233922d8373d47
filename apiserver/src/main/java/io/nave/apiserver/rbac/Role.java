package io.nave.apiserver.rbac;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import java.util.List;

/// What can be allowed within one namespace.
@Doc("Role is a namespaced, logical grouping of PolicyRules that a RoleBinding can refer to.")
@Kind(
    group = RoleRef.GROUP,
    version = "v1",
    plural = "roles",
    status = false,
    columns = @Kind.PrintColumn(name = "Created At", path = ".metadata.creationTimestamp"))
public record Role(Meta metadata, List<PolicyRule> rules) implements Resource {
  public Role {
    rules = Absent.toEmpty(rules);
  }
}
