package io.nave.apiserver.rbac;

import io.nave.api.Absent;
import io.nave.api.Kind;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.api.schema.Doc;
import io.nave.api.schema.Required;
import java.util.List;

/// Gives a role to subjects, everywhere.
@Doc("ClusterRoleBinding gives the permissions of a ClusterRole to users everywhere.")
@Kind(
    group = RoleRef.GROUP,
    version = "v1",
    plural = "clusterrolebindings",
    namespaced = false,
    status = false,
    columns = {
      @Kind.PrintColumn(name = "Role", path = ""),
      @Kind.PrintColumn(name = "Age", type = "date", path = ".metadata.creationTimestamp"),
      @Kind.PrintColumn(name = "Users", path = "", priority = 1),
      @Kind.PrintColumn(name = "Groups", path = "", priority = 1),
      @Kind.PrintColumn(name = "ServiceAccounts", path = "", priority = 1)
    })
public record ClusterRoleBinding(Meta metadata, @Required RoleRef roleRef, List<Subject> subjects)
    implements Resource {
  public ClusterRoleBinding {
    subjects = Absent.toEmpty(subjects);
  }
}
