package io.nave.agent.work;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.work.ManifestWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether the executor of a work may do in the cluster what the agent is about to do in its place
/// (spec/ocm-behaviour.md §6.10). The cluster is asked, by SubjectAccessReviews.
///
/// Roles and bindings need more, since whoever writes them gives rights away: the executor must
/// hold every right that is given, or be allowed to `escalate` or `bind`, as a Kubernetes server
/// asks of its callers.
final class Permissions {
  /// Most questions about one role; one that would need more is refused.
  static final int QUESTIONS_MAX = 256;

  private static final String RBAC = "rbac.authorization.k8s.io";
  private static final ResourceType REVIEWS =
      ResourceType.of(
          "authorization.k8s.io", "v1", "SubjectAccessReview", "subjectaccessreviews", false);

  private final ApiClient cluster;

  Permissions(ApiClient cluster) {
    this.cluster = cluster;
  }

  /// Why the executor may not write this object; empty when it may.
  ///
  /// @param removable whether the object goes with the work, so that deleting counts too
  Optional<String> refusal(
      ManifestWork.ServiceAccount executor, Target target, ApiObject wanted, boolean removable) {
    var verbs = new ArrayList<>(List.of("create", "update", "patch", "get"));
    if (removable) {
      verbs.add("delete");
    }
    for (var verb : verbs) {
      if (!may(executor, attributes(verb, target))) {
        return Optional.of(
            refused(target, "", "%s may not %s it".formatted(executor.user(), verb)));
      }
    }
    return target.type().group().equals(RBAC)
        ? givesAway(executor, target, wanted)
            .map(why -> refused(target, ", error: permission escalation", why))
        : Optional.empty();
  }

  /// Upstream's sentence, and after it what it leaves out: why.
  private static String refused(Target target, String error, String why) {
    return "not allowed to apply the resource %s %s, %s %s%s, will try again in 1m0s; %s"
        .formatted(
            target.type().group(),
            target.type().plural(),
            target.key().namespace(),
            target.key().name(),
            error,
            why);
  }

  private Optional<String> givesAway(
      ManifestWork.ServiceAccount executor, Target target, ApiObject wanted) {
    var bound = wanted.at("/roleRef");
    var isBinding = bound.isObject();
    if (may(
        executor,
        attributes(isBinding ? "bind" : "escalate", isBinding ? role(target, bound) : target))) {
      return Optional.empty();
    }
    var rules = isBinding ? rules(role(target, bound)) : wanted.at("/rules");
    var namespace = target.key().namespace();
    int asked = 0;
    for (var rule : rules) {
      for (var question : questions(rule, namespace)) {
        if (++asked > QUESTIONS_MAX) {
          return Optional.of(
              "the role gives more than %d rights, too many to ask whether %s holds them; allow it"
                      .formatted(QUESTIONS_MAX, executor.user())
                  + " to escalate or bind");
        }
        if (!may(executor, question)) {
          return Optional.of(
              "%s would give rights it does not hold itself: %s"
                  .formatted(executor.user(), Json.text(question)));
        }
      }
    }
    return Optional.empty();
  }

  /// Each right of a rule as a question.
  private static List<ObjectNode> questions(JsonNode rule, String namespace) {
    var questions = new ArrayList<ObjectNode>();
    for (var verb : rule.path("verbs")) {
      for (var path : rule.path("nonResourceURLs")) {
        var question = Json.object();
        question
            .putObject("nonResourceAttributes")
            .put("verb", verb.asString(""))
            .put("path", path.asString(""));
        questions.add(question);
      }
      for (var group : rule.path("apiGroups")) {
        for (var resource : rule.path("resources")) {
          if (rule.path("resourceNames").isEmpty()) {
            questions.add(right(verb, group, resource, namespace, ""));
          }
          for (var name : rule.path("resourceNames")) {
            questions.add(right(verb, group, resource, namespace, name.asString("")));
          }
        }
      }
    }
    return questions;
  }

  private static ObjectNode right(
      JsonNode verb, JsonNode group, JsonNode resource, String namespace, String name) {
    var text = resource.asString("");
    var slash = text.indexOf('/');
    var question = Json.object();
    question
        .putObject("resourceAttributes")
        .put("verb", verb.asString(""))
        .put("group", group.asString(""))
        .put("resource", slash < 0 ? text : text.substring(0, slash))
        .put("subresource", slash < 0 ? "" : text.substring(slash + 1))
        .put("namespace", namespace)
        .put("name", name);
    return question;
  }

  private static Target role(Target binding, JsonNode roleRef) {
    var cluster = roleRef.path("kind").asString("").equals("ClusterRole");
    var type =
        ResourceType.of(
            RBAC,
            binding.type().version(),
            cluster ? "ClusterRole" : "Role",
            cluster ? "clusterroles" : "roles",
            !cluster);
    var name = roleRef.path("name").asString("");
    return new Target(type, new Key(cluster ? "" : binding.key().namespace(), name));
  }

  /// The rules of a role that is there; one that is not yet there may come to hold anything, so
  /// that it counts as all rights.
  private JsonNode rules(Target role) {
    var found = cluster.find(role.type(), role.key()).orElse(null);
    if (found != null) {
      return found.at("/rules");
    }
    var all = Json.object().arrayNode();
    var rule = all.addObject();
    rule.putArray("verbs").add("*");
    rule.putArray("apiGroups").add("*");
    rule.putArray("resources").add("*");
    return all;
  }

  private static ObjectNode attributes(String verb, Target target) {
    var question = Json.object();
    question
        .putObject("resourceAttributes")
        .put("verb", verb)
        .put("group", target.type().group())
        .put("version", target.type().version())
        .put("resource", target.type().plural())
        .put("namespace", target.key().namespace())
        .put("name", target.key().name());
    return question;
  }

  private boolean may(ManifestWork.ServiceAccount executor, ObjectNode question) {
    var review =
        ApiObject.named(REVIEWS, "", "")
            .edit(tree -> {
              tree.remove("metadata");
              var spec = tree.putObject("spec");
              spec.put("user", executor.user());
              spec.putArray("groups")
                  .add("system:serviceaccounts")
                  .add("system:serviceaccounts:" + executor.namespace())
                  .add("system:authenticated");
              spec.setAll(question);
            });
    try {
      return cluster.create(REVIEWS, review).at("/status/allowed").asBoolean(false);
    } catch (ApiError e) {
      throw e.is(ApiError.Reason.NOT_FOUND)
          ? ApiError.badRequest(
              "the cluster answers no SubjectAccessReviews, so that spec.executor cannot be honoured")
          : e;
    }
  }
}
