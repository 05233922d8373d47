package io.nave.apiserver.rbac;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.LabelSelector;
import io.nave.api.Meta;
import io.nave.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What becomes of a default role or binding that is there already when a server starts: what it
/// lacks is added, what somebody added stays. One annotated
/// `rbac.authorization.kubernetes.io/autoupdate: "false"` is left alone, as upstream.
public final class Reconciliation {
  static final String AUTOUPDATE = "rbac.authorization.kubernetes.io/autoupdate";

  private Reconciliation() {}

  /// The present object with what it lacks; the same object when it lacks nothing.
  ///
  /// @param wanted one of [DefaultRoles#all]
  public static ApiObject of(Resource wanted, ApiObject present) {
    if (present.annotations().getOrDefault(AUTOUPDATE, "").equals("false")) {
      return present;
    }
    var next =
        switch (wanted) {
          case ClusterRole role -> role(role, Codec.decode(present, ClusterRole.class));
          case ClusterRoleBinding binding ->
              binding(binding, Codec.decode(present, ClusterRoleBinding.class));
          default -> throw new IllegalArgumentException("no default role: " + wanted);
        };
    var encoded = Codec.encode(next);
    return Json.same(Codec.encode(decoded(wanted, present)).json(), encoded.json())
        ? present
        : encoded;
  }

  private static Resource decoded(Resource wanted, ApiObject present) {
    return Codec.decode(present, wanted.getClass());
  }

  private static ClusterRole role(ClusterRole wanted, ClusterRole present) {
    var rules = new ArrayList<>(present.rules());
    for (var rule : wanted.rules()) {
      if (!rule.atoms().stream()
          .allMatch(atom -> present.rules().stream().anyMatch(own -> own.covers(atom)))) {
        rules.add(rule);
      }
    }
    return new ClusterRole(
        meta(wanted.metadata(), present.metadata()), aggregation(wanted, present), rules);
  }

  private static ClusterRole.@Nullable AggregationRule aggregation(
      ClusterRole wanted, ClusterRole present) {
    var mine = wanted.aggregationRule();
    var theirs = present.aggregationRule();
    if (mine == null || theirs == null) {
      return mine == null ? theirs : mine;
    }
    var selectors = new ArrayList<LabelSelector>(theirs.clusterRoleSelectors());
    for (var selector : mine.clusterRoleSelectors()) {
      if (!selectors.contains(selector)) {
        selectors.add(selector);
      }
    }
    return new ClusterRole.AggregationRule(selectors);
  }

  private static ClusterRoleBinding binding(ClusterRoleBinding wanted, ClusterRoleBinding present) {
    var subjects = new ArrayList<>(present.subjects());
    for (var subject : wanted.subjects()) {
      if (!subjects.contains(subject)) {
        subjects.add(subject);
      }
    }
    return new ClusterRoleBinding(
        meta(wanted.metadata(), present.metadata()), present.roleRef(), List.copyOf(subjects));
  }

  private static Meta meta(Meta wanted, Meta present) {
    return present
        .withLabels(merged(wanted.labels(), present.labels()))
        .withAnnotations(merged(wanted.annotations(), present.annotations()));
  }

  private static Map<String, String> merged(Map<String, String> wanted, Map<String, String> own) {
    var all = new TreeMap<>(wanted);
    all.putAll(own);
    return all;
  }
}
