package io.nave.apiserver.rbac;

import io.nave.api.LabelSelector;
import io.nave.api.Meta;
import io.nave.api.Resource;
import io.nave.apiserver.Caller;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The roles and bindings that every Kubernetes has from the start.
public final class DefaultRoles {
  private static final String AGGREGATE = "rbac.authorization.k8s.io/aggregate-to-";
  private static final String ISSUER_DISCOVERY = "system:service-account-issuer-discovery";
  private static final String MONITORING = "system:monitoring"; // the role and the group
  private static final List<String> READ = List.of("get", "list", "watch");
  private static final List<String> WRITE =
      List.of("create", "delete", "deletecollection", "patch", "update");

  private DefaultRoles() {}

  /// In the order they are created: roles before what binds them.
  public static List<Resource> all() {
    return List.of(
        role(
            "cluster-admin",
            PolicyRule.on("*", List.of("*"), List.of("*")),
            PolicyRule.onPaths(List.of("*"), List.of("*"))),
        aggregated("admin", Map.of()),
        aggregated("edit", Map.of(AGGREGATE + "admin", "true")),
        aggregated("view", Map.of(AGGREGATE + "edit", "true")),
        part("admin", administration()),
        part("edit", edition()),
        part("view", vision()),
        role(
            "system:basic-user",
            PolicyRule.on(
                "authorization.k8s.io",
                List.of("selfsubjectaccessreviews", "selfsubjectrulesreviews"),
                List.of("create")),
            PolicyRule.on(
                "authentication.k8s.io", List.of("selfsubjectreviews"), List.of("create"))),
        role(
            "system:auth-delegator",
            PolicyRule.on("authentication.k8s.io", List.of("tokenreviews"), List.of("create")),
            PolicyRule.on(
                "authorization.k8s.io", List.of("subjectaccessreviews"), List.of("create"))),
        role(
            ISSUER_DISCOVERY,
            PolicyRule.onPaths(
                List.of(
                    "/.well-known/openid-configuration",
                    "/.well-known/openid-configuration/",
                    "/openid/v1/jwks",
                    "/openid/v1/jwks/"),
                List.of("get"))),
        role(
            "system:discovery",
            PolicyRule.onPaths(
                List.of(
                    "/api",
                    "/api/*",
                    "/apis",
                    "/apis/*",
                    "/healthz",
                    "/livez",
                    "/openapi",
                    "/openapi/*",
                    "/readyz",
                    "/version",
                    "/version/"),
                List.of("get"))),
        role(
            MONITORING,
            PolicyRule.onPaths(
                List.of(
                    "/healthz",
                    "/healthz/*",
                    "/livez",
                    "/livez/*",
                    "/metrics",
                    "/metrics/slis",
                    "/readyz",
                    "/readyz/*"),
                List.of("get"))),
        role(
            "system:public-info-viewer",
            PolicyRule.onPaths(
                List.of("/healthz", "/livez", "/readyz", "/version", "/version/"), List.of("get"))),
        binding("cluster-admin", Caller.MASTERS),
        binding("system:basic-user", Caller.AUTHENTICATED),
        binding("system:discovery", Caller.AUTHENTICATED),
        binding(ISSUER_DISCOVERY, "system:serviceaccounts"),
        binding(MONITORING, MONITORING),
        binding("system:public-info-viewer", Caller.AUTHENTICATED, "system:unauthenticated"));
  }

  private static PolicyRule[] administration() {
    return new PolicyRule[] {
      PolicyRule.on(
          RoleRef.GROUP,
          List.of("rolebindings", "roles"),
          List.of(
              "create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")),
      PolicyRule.on("authorization.k8s.io", List.of("localsubjectaccessreviews"), List.of("create"))
    };
  }

  private static PolicyRule[] edition() {
    return new PolicyRule[] {
      PolicyRule.on("", List.of("secrets"), READ),
      PolicyRule.on("", List.of("serviceaccounts"), List.of("impersonate")),
      PolicyRule.on("", List.of("serviceaccounts/token"), List.of("create")),
      PolicyRule.on("", List.of("configmaps", "events", "secrets", "serviceaccounts"), WRITE),
      PolicyRule.on("events.k8s.io", List.of("events"), WRITE),
      PolicyRule.on("coordination.k8s.io", List.of("leases"), WRITE)
    };
  }

  private static PolicyRule[] vision() {
    return new PolicyRule[] {
      PolicyRule.on("", List.of("configmaps", "events", "namespaces", "serviceaccounts"), READ),
      PolicyRule.on("events.k8s.io", List.of("events"), READ),
      PolicyRule.on("coordination.k8s.io", List.of("leases"), READ)
    };
  }

  private static ClusterRole role(String name, PolicyRule... rules) {
    return new ClusterRole(meta(name, Map.of()), null, List.of(rules));
  }

  /// The part of `admin`, `edit` or `view` that comes with the server; others may add theirs.
  private static ClusterRole part(String of, PolicyRule... rules) {
    var meta = meta("system:aggregate-to-" + of, Map.of(AGGREGATE + of, "true"));
    return new ClusterRole(meta, null, List.of(rules));
  }

  private static ClusterRole aggregated(String name, Map<String, String> labels) {
    var selector = LabelSelector.ofLabels(Map.of(AGGREGATE + name, "true"));
    return new ClusterRole(
        meta(name, labels), new ClusterRole.AggregationRule(List.of(selector)), List.of());
  }

  private static ClusterRoleBinding binding(String name, String... groups) {
    var subjects = List.of(groups).stream().map(Subject::group).toList();
    return new ClusterRoleBinding(meta(name, Map.of()), RoleRef.toClusterRole(name), subjects);
  }

  private static Meta meta(String name, Map<String, String> labels) {
    var all = new TreeMap<>(labels);
    all.put("kubernetes.io/bootstrapping", "rbac-defaults");
    return Meta.named(name)
        .withLabels(all)
        .withAnnotations(Map.of(Reconciliation.AUTOUPDATE, "true"));
  }
}
