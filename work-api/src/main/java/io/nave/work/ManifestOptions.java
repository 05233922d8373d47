package io.nave.work;

import io.nave.api.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How one manifest of a work is to be applied and observed: the `manifestConfigs` that match it,
/// folded into one (spec/ocm-behaviour.md §6.3).
///
/// @param conditionRules the raw rules; empty when there are none
public record ManifestOptions(
    UpdateStrategy strategy,
    List<ManifestWork.FeedbackRule> feedbackRules,
    List<JsonNode> conditionRules) {

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
    /// @param ignoresFields whether the work names fields to leave out of the patch
    record ServerSideApply(String fieldManager, boolean force, boolean ignoresFields)
        implements UpdateStrategy {}
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
    JsonNode strategy = Json.object();
    var feedback = new ArrayList<ManifestWork.FeedbackRule>();
    var rules = new ArrayList<JsonNode>();
    for (var config : configs) {
      if (!Selector.of(config.resourceIdentifier()).matches(group, resource, namespace, name)) {
        continue;
      }
      var wanted = config.updateStrategy();
      if (strategy.isEmpty() && wanted != null) {
        strategy = wanted;
      }
      if (feedback.isEmpty()) {
        feedback.addAll(config.feedbackRules());
      }
      var conditions = config.conditionRules();
      if (rules.isEmpty() && conditions != null) {
        conditions.forEach(rules::add);
      }
    }
    return new ManifestOptions(strategy(strategy), feedback, rules);
  }

  private static UpdateStrategy strategy(JsonNode node) {
    return switch (node.path("type").asString("Update")) {
      case "CreateOnly" -> new UpdateStrategy.CreateOnly();
      case "ReadOnly" -> new UpdateStrategy.ReadOnly();
      case "ServerSideApply" -> {
        var apply = node.path("serverSideApply");
        yield new UpdateStrategy.ServerSideApply(
            apply.path("fieldManager").asString("work-agent"),
            apply.path("force").asBoolean(false),
            !apply.path("ignoreFields").isEmpty());
      }
      default -> new UpdateStrategy.Update();
    };
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

    /// From the JSON of an orphaning rule.
    static Selector of(JsonNode rule) {
      return new Selector(
          rule.path("group").asString(""),
          rule.path("resource").asString(""),
          rule.path("namespace").asString(""),
          rule.path("name").asString(""));
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
