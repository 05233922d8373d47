package io.nave.apiserver.audit;

import io.nave.api.ApiError;
import io.nave.api.Yaml;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Which requests are recorded and how: rules in order, the first that matches decides; what none
/// matches is not recorded. Immutable.
public final class AuditPolicy {
  // Before what is parsed: static fields are set in order.
  private static final List<String> STAGES =
      List.of("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic");

  /// Nothing at all.
  public static final AuditPolicy NOTHING = new AuditPolicy(List.of(), List.of(), false);

  /// Every write, by its metadata alone, so no body of a Secret or token is ever written down; but
  /// no lease renewals, which say only that somebody is alive.
  public static final AuditPolicy DEFAULT =
      parse(
          """
          apiVersion: audit.k8s.io/v1
          kind: Policy
          omitStages: [RequestReceived, ResponseStarted]
          rules:
          - level: None
            verbs: [get, list, watch]
          - level: None
            verbs: [update, patch]
            resources:
            - group: coordination.k8s.io
              resources: [leases]
          - level: Metadata
          """);

  /// What is recorded of one request.
  public record Decision(AuditLevel level, List<String> omitStages, boolean omitManagedFields) {
    static final Decision NONE = new Decision(AuditLevel.NONE, List.of(), true);

    public boolean records(String stage) {
      return level != AuditLevel.NONE && !omitStages.contains(stage);
    }
  }

  private record Resources(String group, List<String> resources, List<String> names) {
    boolean match(Api.Attributes asked) {
      return group.equals(asked.group())
          && (names.isEmpty() || names.contains(asked.name()))
          && (resources.isEmpty()
              || resources.stream().anyMatch(pattern -> matches(pattern, asked)));
    }

    private static boolean matches(String pattern, Api.Attributes asked) {
      var slash = pattern.indexOf('/');
      var resource = slash < 0 ? pattern : pattern.substring(0, slash);
      var subresource = slash < 0 ? "" : pattern.substring(slash + 1);
      if (pattern.equals("*")) {
        return true;
      }
      return (resource.equals("*") || resource.equals(asked.resource()))
          && (subresource.equals("*")
              ? !asked.subresource().isEmpty()
              : subresource.equals(asked.subresource()));
    }
  }

  private record Rule(
      AuditLevel level,
      List<String> users,
      List<String> groups,
      List<String> verbs,
      List<Resources> resources,
      List<String> namespaces,
      List<String> urls,
      List<String> omitStages,
      @Nullable Boolean omitManagedFields) {
    boolean matches(Caller caller, Api.Attributes asked) {
      if (!(users.isEmpty() || users.contains(caller.user()))
          || !(groups.isEmpty() || caller.groups().stream().anyMatch(groups::contains))
          || !(verbs.isEmpty() || verbs.contains(asked.verb()))) {
        return false;
      }
      if (!asked.path().isEmpty()) {
        return resources.isEmpty()
            && namespaces.isEmpty()
            && (urls.isEmpty() || urls.stream().anyMatch(url -> matchesUrl(url, asked.path())));
      }
      return urls.isEmpty()
          && (namespaces.isEmpty() || namespaces.contains(asked.namespace()))
          && (resources.isEmpty() || resources.stream().anyMatch(each -> each.match(asked)));
    }

    private static boolean matchesUrl(String url, String path) {
      return url.endsWith("*")
          ? path.startsWith(url.substring(0, url.length() - 1))
          : url.equals(path);
    }
  }

  private final List<Rule> rules;
  private final List<String> omitStages;
  private final boolean omitManagedFields;

  private AuditPolicy(List<Rule> rules, List<String> omitStages, boolean omitManagedFields) {
    this.rules = List.copyOf(rules);
    this.omitStages = List.copyOf(omitStages);
    this.omitManagedFields = omitManagedFields;
  }

  /// Reads an `audit.k8s.io/v1` Policy, as YAML or JSON.
  ///
  /// @throws ApiError BadRequest naming the field that is wrong
  public static AuditPolicy parse(String yaml) {
    var policy = Yaml.parse(yaml);
    expect(
        policy.path("kind").asString("").equals("Policy"), "kind", "Policy", policy.path("kind"));
    expect(
        policy.path("apiVersion").asString("").equals("audit.k8s.io/v1"),
        "apiVersion",
        "audit.k8s.io/v1",
        policy.path("apiVersion"));
    var rules = new ArrayList<Rule>();
    for (var node : policy.path("rules")) {
      rules.add(rule(node, "rules[" + rules.size() + "]"));
    }
    if (rules.isEmpty()) {
      throw ApiError.badRequest("audit policy: rules: expected at least one, found none");
    }
    return new AuditPolicy(rules, stages(policy, ""), Boolean.TRUE.equals(flag(policy, "")));
  }

  private static Rule rule(JsonNode node, String path) {
    var resources = new ArrayList<Resources>();
    for (var each : node.path("resources")) {
      resources.add(
          new Resources(
              each.path("group").asString(""),
              texts(each.path("resources")),
              texts(each.path("resourceNames"))));
    }
    return new Rule(
        level(node.path("level"), path + ".level"),
        texts(node.path("users")),
        texts(node.path("userGroups")),
        texts(node.path("verbs")),
        List.copyOf(resources),
        texts(node.path("namespaces")),
        texts(node.path("nonResourceURLs")),
        stages(node, path + "."),
        flag(node, path + "."));
  }

  /// Null when it is not said.
  private static @Nullable Boolean flag(JsonNode node, String path) {
    var value = node.path("omitManagedFields");
    expect(
        value.isMissingNode() || value.isBoolean(),
        path + "omitManagedFields",
        "true or false",
        value);
    return value.isMissingNode() ? null : value.asBoolean();
  }

  private static AuditLevel level(JsonNode node, String path) {
    var text = node.asString("");
    for (var level : AuditLevel.values()) {
      if (level.text().equals(text)) {
        return level;
      }
    }
    throw unexpected(path, "None, Metadata, Request or RequestResponse", node);
  }

  private static List<String> stages(JsonNode node, String path) {
    var stages = texts(node.path("omitStages"));
    for (var stage : stages) {
      expect(
          STAGES.contains(stage),
          path + "omitStages",
          "some of " + STAGES,
          node.path("omitStages"));
    }
    return stages;
  }

  private static List<String> texts(JsonNode list) {
    var found = new ArrayList<String>();
    list.forEach(each -> found.add(each.asString("")));
    return List.copyOf(found);
  }

  private static void expect(boolean holds, String path, String expected, JsonNode found) {
    if (!holds) {
      throw unexpected(path, expected, found);
    }
  }

  private static ApiError unexpected(String path, String expected, JsonNode found) {
    var text = found.isMissingNode() ? "nothing" : found.toString();
    return ApiError.badRequest(
        "audit policy: %s: expected %s, found %s".formatted(path, expected, text));
  }

  /// What is recorded of a request.
  public Decision decide(Caller caller, Api.Attributes asked) {
    for (var rule : rules) {
      if (rule.matches(caller, asked)) {
        if (rule.level() == AuditLevel.NONE) {
          return Decision.NONE;
        }
        var omit = new ArrayList<>(omitStages);
        omit.addAll(rule.omitStages());
        var own = rule.omitManagedFields();
        return new Decision(rule.level(), omit, own == null ? omitManagedFields : own);
      }
    }
    return Decision.NONE;
  }
}
