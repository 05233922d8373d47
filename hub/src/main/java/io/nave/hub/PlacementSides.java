package io.nave.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.Subresource;
import io.nave.apiserver.Subresource.Question;
import io.nave.apiserver.registry.ServedType;
import io.nave.placement.PlacementDesk;
import io.nave.placement.api.Placement;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The subresources that answer questions about placement. Of a Placement: `explain` says why
/// (GET), and what would change (POST of hypothetical `changes`); `debug` is upstream's debugger.
/// Of a ManagedCluster: `explain` says what would change if something happened to it (POST).
final class PlacementSides {
  private static final ResourceType EXPLANATION =
      ResourceType.of(
          "cluster.open-cluster-management.io", "v1beta1", "PlacementExplanation", "", true);
  private static final ResourceType DEBUG =
      ResourceType.of("cluster.open-cluster-management.io", "v1beta1", "PlacementDebug", "", true);
  private static final ResourceType CONSEQUENCES =
      ResourceType.of("cluster.open-cluster-management.io", "v1", "ClusterConsequences", "", false);
  private static final List<String> VERBS = List.of("create", "get");

  private PlacementSides() {}

  static ServedType with(ServedType placements, PlacementDesk desk) {
    return placements
        .withSubresource(
            new Subresource(
                "explain", EXPLANATION, VERBS, Subresource.AT_MOST, q -> explain(desk, q)))
        .withSubresource(
            new Subresource("debug", DEBUG, VERBS, Subresource.AT_MOST, q -> debug(desk, q)));
  }

  /// The question "what if" about one cluster, answered for all Placements.
  static ServedType withClusters(ServedType clusters, PlacementDesk desk) {
    return clusters.withSubresource(
        Subresource.asking("explain", CONSEQUENCES, q -> consequences(desk, q)));
  }

  private static ApiObject explain(PlacementDesk desk, Question question) {
    var key = question.object().key();
    if (question.verb().equals("get")) {
      return answer(Json.tree(desk.explain(key, question.parameter("cluster"), question.now())));
    }
    var changes = question.body().json().path("changes");
    var answer = Json.object().put("placement", key.toString());
    return told(answer, desk.whatIf(key, changes, question.now()));
  }

  private static ApiObject consequences(PlacementDesk desk, Question question) {
    var cluster = question.object().name();
    var changes = question.body().json().path("changes");
    var answer = Json.object().put("cluster", cluster);
    return told(answer, desk.whatIfTo(cluster, changes, question.now()));
  }

  private static ApiObject told(ObjectNode answer, List<PlacementDesk.Answer> found) {
    var differences = answer.putArray("decisions");
    for (var each : found) {
      var difference = differences.addObject();
      difference.put("placement", each.decisions().placement().toString());
      difference.set("added", Json.tree(each.decisions().added()));
      difference.set("removed", Json.tree(each.decisions().removed()));
      if (!each.decisions().replicas().isEmpty()) {
        difference.set("replicas", Json.tree(each.decisions().replicas()));
      }
      difference.put("reason", each.decisions().reason());
      difference.put("message", each.decisions().message());
      difference.set("worksCreated", Json.tree(each.worksCreated()));
      difference.set("worksChanged", Json.tree(each.worksChanged()));
      difference.set("worksDeleted", Json.tree(each.worksDeleted()));
    }
    return ApiObject.of(answer);
  }

  private static ApiObject debug(PlacementDesk desk, Question question) {
    var asked =
        question.verb().equals("get")
            ? question.object()
            : edited(question.object(), question.body());
    var reduced =
        asked.edit(tree -> {
          var meta = Json.object();
          for (var field : List.of("name", "namespace", "labels", "annotations")) {
            if (tree.path("metadata").has(field)) {
              meta.set(field, tree.path("metadata").path(field));
            }
          }
          tree.set("metadata", meta);
          tree.remove("status");
        });
    return answer(Json.tree(desk.debug(Codec.decode(reduced, Placement.class), question.now())));
  }

  /// The Placement with the spec that was sent.
  private static ApiObject edited(ApiObject stored, ApiObject body) {
    if (!body.json().path("spec").isObject()) {
      throw ApiError.badRequest("spec: expected the spec to try, found none");
    }
    return stored.edit(tree -> tree.set("spec", body.json().path("spec")));
  }

  private static ApiObject answer(tools.jackson.databind.JsonNode tree) {
    return ApiObject.of((ObjectNode) tree);
  }
}
