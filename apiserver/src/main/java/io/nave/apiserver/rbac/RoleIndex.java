package io.nave.apiserver.rbac;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// All roles and bindings, found by who is bound: a decision looks only at the bindings of the
/// caller's own name and groups, however many there are.
///
/// One task at a time changes it; any task may read meanwhile.
final class RoleIndex {
  static final ResourceType ROLES = ResourceType.of(Role.class);
  static final ResourceType CLUSTER_ROLES = ResourceType.of(ClusterRole.class);
  static final ResourceType ROLE_BINDINGS = ResourceType.of(RoleBinding.class);
  static final ResourceType CLUSTER_ROLE_BINDINGS = ResourceType.of(ClusterRoleBinding.class);
  static final List<ResourceType> TYPES =
      List.of(ROLES, CLUSTER_ROLES, ROLE_BINDINGS, CLUSTER_ROLE_BINDINGS);

  private record Binding(Key key, RoleRef role, List<Subject> subjects) {
    boolean everywhere() {
      return key.namespace().isEmpty();
    }
  }

  private final Map<Key, List<PolicyRule>> roles = new ConcurrentHashMap<>();
  private final Map<String, ClusterRole> clusterRoles = new ConcurrentSkipListMap<>();
  // Rules of aggregated roles, computed when first asked for; emptied when any could have changed.
  private final Map<String, List<PolicyRule>> aggregated = new ConcurrentHashMap<>();
  // By subject, then by key, so that a namespace's bindings stand together.
  private final Map<String, ConcurrentSkipListMap<Key, Binding>> bindings =
      new ConcurrentHashMap<>();

  /// Takes in one object as it is now.
  ///
  /// @param before as it was; null when new
  /// @param after as it is; null when it is gone
  void apply(ResourceType type, @Nullable ApiObject before, @Nullable ApiObject after) {
    var key = after != null ? after.key() : before != null ? before.key() : null;
    if (key == null) {
      return;
    }
    switch (type.plural()) {
      case "roles" -> applyRole(key, after);
      case "clusterroles" -> applyClusterRole(key.name(), after);
      default -> {
        bindings(before).forEach(this::unbind);
        bindings(after).forEach(this::bind);
      }
    }
  }

  private void applyRole(Key key, @Nullable ApiObject after) {
    var role = after == null ? null : read(after, Role.class);
    if (role == null) {
      roles.remove(key);
    } else {
      roles.put(key, role.rules());
    }
  }

  private void applyClusterRole(String name, @Nullable ApiObject after) {
    var role = after == null ? null : read(after, ClusterRole.class);
    var before = role == null ? clusterRoles.remove(name) : clusterRoles.put(name, role);
    if (mattersToOthers(before) || mattersToOthers(role)) {
      aggregated.clear();
    }
  }

  private static boolean mattersToOthers(@Nullable ClusterRole role) {
    return role != null && (role.aggregationRule() != null || !role.metadata().labels().isEmpty());
  }

  private List<Binding> bindings(@Nullable ApiObject object) {
    var binding = object == null ? null : read(object, ClusterRoleBinding.class);
    return object == null || binding == null
        ? List.of()
        : List.of(new Binding(object.key(), binding.roleRef(), binding.subjects()));
  }

  /// An object that cannot be read grants nothing.
  private static <T extends io.nave.api.Resource> @Nullable T read(
      ApiObject object, Class<T> type) {
    try {
      return Codec.decode(object, type);
    } catch (ApiError e) {
      return null;
    }
  }

  private void bind(Binding binding) {
    for (var subject : binding.subjects()) {
      bindings
          .computeIfAbsent(
              subject.id(binding.key().namespace()), _ -> new ConcurrentSkipListMap<>())
          .put(binding.key(), binding);
    }
  }

  private void unbind(Binding binding) {
    for (var subject : binding.subjects()) {
      bindings.computeIfPresent(
          subject.id(binding.key().namespace()),
          (_, own) -> {
            own.remove(binding.key());
            return own.isEmpty() ? null : own;
          });
    }
  }

  /// Whether any binding of the caller allows what is asked.
  Api.Decision decide(Caller caller, Api.Attributes asked) {
    for (var subject : subjects(caller)) {
      for (var binding : bindings(subject, asked.namespace())) {
        for (var rule : rules(binding)) {
          if (rule.allows(asked)) {
            return new Api.Decision(true, reason(binding, subject));
          }
        }
      }
    }
    return new Api.Decision(false, "");
  }

  /// Every right of the caller in a namespace, those that hold everywhere among them.
  List<PolicyRule> rules(Caller caller, String namespace) {
    var all = new ArrayList<PolicyRule>();
    for (var subject : subjects(caller)) {
      for (var binding : bindings(subject, namespace)) {
        all.addAll(rules(binding));
      }
    }
    return all;
  }

  /// The rules of a role, empty when there is none.
  List<PolicyRule> rules(RoleRef role, String namespace) {
    return role.kind().equals("Role")
        ? roles.getOrDefault(new Key(namespace, role.name()), List.of())
        : clusterRules(role.name());
  }

  private static List<String> subjects(Caller caller) {
    var ids = new ArrayList<String>();
    ids.add(Subject.userId(caller.user()));
    caller.groups().forEach(group -> ids.add(Subject.groupId(group)));
    return ids;
  }

  private List<Binding> bindings(String subject, String namespace) {
    var own = bindings.get(subject);
    if (own == null) {
      return List.of();
    }
    var found = new ArrayList<Binding>();
    // Keys are ordered by namespace, and "\0" ends the shortest text after the one before it.
    found.addAll(own.subMap(new Key("", ""), new Key("\0", "")).values());
    if (!namespace.isEmpty()) {
      found.addAll(own.subMap(new Key(namespace, ""), new Key(namespace + "\0", "")).values());
    }
    return found;
  }

  private List<PolicyRule> rules(Binding binding) {
    return binding.everywhere() && binding.role().kind().equals("Role")
        ? List.of()
        : rules(binding.role(), binding.key().namespace());
  }

  private List<PolicyRule> clusterRules(String name) {
    var role = clusterRoles.get(name);
    if (role == null) {
      return List.of();
    }
    if (role.aggregationRule() == null) {
      return role.rules();
    }
    return aggregated.computeIfAbsent(name, _ -> aggregate(role));
  }

  private List<PolicyRule> aggregate(ClusterRole role) {
    var rules = new LinkedHashSet<PolicyRule>();
    collect(role, new LinkedHashSet<>(), rules);
    return List.copyOf(rules);
  }

  private void collect(ClusterRole role, Set<String> seen, Set<PolicyRule> into) {
    if (!seen.add(role.metadata().name())) {
      return;
    }
    var aggregation = role.aggregationRule();
    if (aggregation == null) {
      into.addAll(role.rules());
      return;
    }
    for (var selector : aggregation.clusterRoleSelectors()) {
      for (var other : clusterRoles.values()) {
        if (selector.matches(other.metadata().labels())) {
          collect(other, seen, into);
        }
      }
    }
  }

  private static String reason(Binding binding, String subject) {
    var kind = binding.everywhere() ? "ClusterRoleBinding" : "RoleBinding";
    var colon = subject.indexOf(':');
    return "RBAC: allowed by "
        + kind
        + " \""
        + binding.key()
        + "\" of "
        + binding.role().kind()
        + " \""
        + binding.role().name()
        + "\" to "
        + subject.substring(0, colon)
        + " \""
        + subject.substring(colon + 1)
        + "\"";
  }
}
