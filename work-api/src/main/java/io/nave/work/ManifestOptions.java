package io.nave.work;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How one manifest of a work is to be applied and observed: the `manifestConfigs` that match it,
/// folded into one (spec/ocm-behaviour.md §6.3).
public record ManifestOptions(
    UpdateStrategy strategy,
    List<ManifestWork.FeedbackRule> feedbackRules,
    List<ManifestWork.ConditionRule> conditionRules) {

  /// Who owns what a server-side apply writes, when the work names nobody else.
  public static final String FIELD_MANAGER = "work-agent";

  /// What happens to an object that is there already (spec/ocm-behaviour.md §6.4).
  public sealed interface UpdateStrategy {
    /// Create it, and lay the manifest over it whenever it differs.
    record Update() implements UpdateStrategy {}

    /// Create it, and leave it alone from then on.
    record CreateOnly() implements UpdateStrategy {}

    /// Never write it; only observe.
    record ReadOnly() implements UpdateStrategy {}

    /// Let the cluster merge, by field owner.
    ///
    /// @param ignored fields to leave out of the patch, see [IgnoredFields]
    record ServerSideApply(
        String fieldManager, boolean force, List<ManifestWork.IgnoreField> ignored)
        implements UpdateStrategy {
      public ServerSideApply {
        ignored = List.copyOf(ignored);
      }
    }
  }

  public ManifestOptions {
    feedbackRules = List.copyOf(feedbackRules);
    conditionRules = List.copyOf(conditionRules);
  }

  /// The options of one object. Several entries may match; the first that says something about a
  /// field decides it.
  ///
  /// @param resource plural name, such as `deployments`
  public static ManifestOptions of(
      List<ManifestWork.ManifestConfig> configs,
      String group,
      String resource,
      String namespace,
      String name) {
    ManifestWork.@Nullable UpdateStrategy strategy = null;
    var feedback = new ArrayList<ManifestWork.FeedbackRule>();
    var rules = new ArrayList<ManifestWork.ConditionRule>();
    for (var config : configs) {
      if (!Selector.of(config.resourceIdentifier()).matches(group, resource, namespace, name)) {
        continue;
      }
      strategy = strategy == null ? config.updateStrategy() : strategy;
      if (feedback.isEmpty()) {
        feedback.addAll(config.feedbackRules());
      }
      if (rules.isEmpty()) {
        rules.addAll(config.conditionRules());
      }
    }
    return new ManifestOptions(strategy(strategy), feedback, rules);
  }

  private static UpdateStrategy strategy(ManifestWork.@Nullable UpdateStrategy wanted) {
    return switch (wanted == null ? "Update" : wanted.type()) {
      case "CreateOnly" -> new UpdateStrategy.CreateOnly();
      case "ReadOnly" -> new UpdateStrategy.ReadOnly();
      case "ServerSideApply" -> serverSide(wanted == null ? null : wanted.serverSideApply());
      case null, default -> new UpdateStrategy.Update();
    };
  }

  private static UpdateStrategy serverSide(ManifestWork.@Nullable ServerSideApply apply) {
    if (apply == null) {
      return new UpdateStrategy.ServerSideApply(FIELD_MANAGER, false, List.of());
    }
    var manager = apply.fieldManager();
    return new UpdateStrategy.ServerSideApply(
        manager == null || manager.isEmpty() ? FIELD_MANAGER : manager,
        Boolean.TRUE.equals(apply.force()),
        apply.ignoreFields());
  }

  /// Names objects: group and resource exactly, namespace and name with `*` for any characters.
  record Selector(String group, String resource, String namespace, String name) {
    static Selector of(ManifestWork.ResourceIdentifier identifier) {
      return new Selector(
          orEmpty(identifier.group()),
          identifier.resource(),
          orEmpty(identifier.namespace()),
          identifier.name());
    }

    static Selector of(ManifestWork.OrphaningRule rule) {
      return new Selector(
          orEmpty(rule.group()), rule.resource(), orEmpty(rule.namespace()), rule.name());
    }

    boolean matches(String otherGroup, String otherResource, String inNamespace, String itsName) {
      return group.equals(otherGroup)
          && resource.equals(otherResource)
          && wild(namespace, inNamespace)
          && wild(name, itsName);
    }

    /// Greedy matching with one step back to the last star: linear for what people write.
    private static boolean wild(String pattern, String text) {
      int p = 0;
      int star = -1;
      int resume = 0;
      for (int t = 0; t < text.length(); ) {
        if (p < pattern.length() && pattern.charAt(p) == '*') {
          star = p++;
          resume = t;
        } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
          p++;
          t++;
        } else if (star >= 0) {
          p = star + 1;
          t = ++resume;
        } else {
          return false;
        }
      }
      while (p < pattern.length() && pattern.charAt(p) == '*') {
        p++;
      }
      return p == pattern.length();
    }

    private static String orEmpty(@Nullable String text) {
      return text == null ? "" : text;
    }
  }
}
