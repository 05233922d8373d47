package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The subresource `scale`: how many of something an object wants and has, the same for every kind.
///
/// @param specReplicas where the wanted number stands, as `.spec.replicas`
/// @param statusReplicas where the present number stands
/// @param selector where a selector of what is counted stands, as a text; empty: nowhere
public record ScaleView(String specReplicas, String statusReplicas, String selector) {
  /// The subresource's name.
  public static final String NAME = "scale";

  static final ResourceType TYPE = ResourceType.of("autoscaling", "v1", "Scale", "scales", true);

  /// The object's scale.
  ///
  /// @throws ApiError InternalError when it does not say how many it wants, as in Kubernetes
  ApiObject of(ApiObject object) {
    var wanted = at(object.json(), specReplicas);
    if (!wanted.isIntegralNumber()) {
      throw ApiError.internal("the spec replicas field \"" + specReplicas + "\" does not exist");
    }
    var scale = Json.object().put("kind", TYPE.kind()).put("apiVersion", TYPE.apiVersion());
    var meta = scale.putObject("metadata");
    for (var field : List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      Trees.put(meta, field, object.metadata().get(field));
    }
    scale.putObject("spec").put("replicas", wanted.asInt(0));
    var status = scale.putObject("status");
    status.put("replicas", at(object.json(), statusReplicas).asInt(0));
    var chosen = selector.isEmpty() ? "" : at(object.json(), selector).asString("");
    if (!chosen.isEmpty()) {
      status.put("selector", chosen);
    }
    return ApiObject.of(scale);
  }

  /// The object with the number that a scale wants, on the scale's conditions.
  ///
  /// @throws ApiError BadRequest or Invalid when the scale is none
  ApiObject into(ApiObject object, ApiObject scale) {
    check("API version", scale.apiVersion(), TYPE.apiVersion());
    check("kind", scale.kind(), TYPE.kind());
    var wanted = scale.at("/spec/replicas");
    if (!wanted.isMissingNode() && !wanted.canConvertToInt()) {
      throw ApiError.badRequest("spec.replicas: expected a number, found " + wanted);
    }
    var replicas = wanted.asInt(0);
    if (replicas < 0) {
      new Faults()
          .invalid("spec.replicas", replicas, "must be greater than or equal to 0")
          .raise(TYPE, scale.name());
    }
    return object.edit(tree -> {
      var meta = tree.withObjectProperty("metadata");
      for (var field : List.of("name", "namespace", "uid", "resourceVersion")) {
        Trees.put(meta, field, scale.metadata().get(field));
      }
      put(tree, specReplicas, replicas);
    });
  }

  private static void check(String what, String found, String expected) {
    if (!found.isEmpty() && !found.equals(expected)) {
      throw ApiError.badRequest(
          "the %s in the data (%s) does not match the expected %s (%s)"
              .formatted(what, found, what, expected));
    }
  }

  private static JsonNode at(JsonNode tree, String path) {
    var value = tree;
    for (var name : names(path)) {
      value = value.path(name);
    }
    return value;
  }

  private static void put(ObjectNode tree, String path, int value) {
    var names = names(path);
    var parent = tree;
    for (var name : names.subList(0, names.size() - 1)) {
      parent = parent.withObjectProperty(name);
    }
    parent.put(names.getLast(), value);
  }

  private static List<String> names(String path) {
    return List.of(path.substring(1).split("\\."));
  }

  /// The view's path from a definition, which may leave the selector out.
  public static ScaleView of(String spec, String status, @Nullable String selector) {
    return new ScaleView(spec, status, selector == null ? "" : selector);
  }
}
