package io.nave.apiserver.rbac;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Required;
import java.util.List;

/// Gives a role to subjects, within one namespace.
@Doc("RoleBinding gives the permissions of a role to users within its namespace.")
@Kind(
    group = RoleRef.GROUP,
    version = "v1",
    plural = "rolebindings",
    namespaced = true,
    status = false,
    columns = {
      @Kind.PrintColumn(name = "Role", path = ""),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp"),
      @Kind.PrintColumn(name = "Users", path = "", priority = 1),
      @Kind.PrintColumn(name = "Groups", path = "", priority = 1),
      @Kind.PrintColumn(name = "ServiceAccounts", path = "", priority = 1)
    })
public record RoleBinding(Meta metadata, @Required RoleRef roleRef, List<Subject> subjects)
    implements Resource {
  public RoleBinding {
    subjects = Absent.toEmpty(subjects);
  }
}
