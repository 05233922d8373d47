package io.nave.apiserver.upkeep;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.LabelSelector;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.apiserver.rbac.ClusterRole;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Writes into an aggregated ClusterRole the rules it is made of, so that who looks at the role
/// sees them. Decisions do not wait for it: the authorizer adds up the same roles itself.
///
/// - Reads: all ClusterRoles.
/// - Writes: `rules` of those with an `aggregationRule`.
/// - Safe to repeat: equal rules are not written again.
final class RoleAggregation implements Reconciler, AutoCloseable {
  private static final ResourceType ROLES = ResourceType.of(ClusterRole.class);

  private final Parts parts = new Parts();
  private final ApiClient client;
  private final Cache<ApiObject> roles;
  private final Map<String, ApiObject> aggregated = new ConcurrentSkipListMap<>(); // by name

  RoleAggregation(Host host, ApiClient client, MeterRegistry meters) {
    this.client = client;
    this.roles = Cache.of(host, client, Cache.Scope.all(ROLES));
    var controller =
        new Controller(
            host, "clusterrole-aggregation", this, Controller.Options.workers(1), meters);
    controller.follow(roles, this::concerned);
    parts.open(roles.start());
    parts.open(controller.startAfter(roles));
  }

  /// The aggregated roles that a change of one role is about. With a role for every cluster there
  /// are many changes, and few are about any.
  private List<Key> concerned(Cache.Change<ApiObject> change) {
    var name = change.key().name();
    var after = change.after();
    if (after != null && aggregates(after)) {
      aggregated.put(name, after);
    } else {
      aggregated.remove(name);
    }
    var keys = new ArrayList<Key>();
    aggregated.forEach((other, role) -> {
      if (other.equals(name) || selects(role, change.before()) || selects(role, after)) {
        keys.add(Key.of(other));
      }
    });
    return keys;
  }

  private static boolean aggregates(ApiObject role) {
    return role.at("/aggregationRule").isObject();
  }

  private static boolean selects(ApiObject role, @Nullable ApiObject other) {
    return other != null
        && !other.labels().isEmpty()
        && selectors(role).stream().anyMatch(selector -> selector.matches(other.labels()));
  }

  private static List<LabelSelector> selectors(ApiObject role) {
    return role.at("/aggregationRule/clusterRoleSelectors")
        .valueStream()
        .map(node -> Codec.decode(node, LabelSelector.class))
        .toList();
  }

  @Override
  public Outcome reconcile(Key key) {
    var role = client.find(ROLES, key).orElse(null);
    if (role != null && aggregates(role)) {
      var rules = rules(role, roles.list());
      var next = Json.object();
      rules.forEach(next.putArray("rules")::add);
      if (!Json.same(role.at("/rules"), next.path("rules"))
          && !(rules.isEmpty() && role.at("/rules").isEmpty())) {
        client.patch(ROLES, key, "", new Patch(Patch.Form.MERGE, next));
      }
    }
    return new Outcome.Settled();
  }

  /// The rules of all roles that any selector matches, by the roles' names, each once.
  static List<JsonNode> rules(ApiObject role, List<ApiObject> all) {
    var rules = new ArrayList<JsonNode>();
    for (var selector : selectors(role)) {
      for (var other : all) {
        if (!other.name().equals(role.name()) && selector.matches(other.labels())) {
          other.at("/rules").forEach(rule -> addOnce(rules, rule));
        }
      }
    }
    return rules;
  }

  private static void addOnce(List<JsonNode> rules, JsonNode rule) {
    if (rules.stream().noneMatch(known -> Json.same(known, rule))) {
      rules.add(rule);
    }
  }

  @Override
  public void close() {
    parts.close();
  }
}
