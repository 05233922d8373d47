package io.nave.placement.schedule;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Key;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.placement.api.Placement;
import io.nave.placement.schedule.WhatIf.Change;
import io.nave.registration.api.ManagedCluster;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads one hypothetical change: an object of exactly one of the fields below.
final class WhatIfReader {
  private static final String FIELDS = "cluster, remove, taint, untaint, drain, label or placement";

  private WhatIfReader() {}

  static Change read(JsonNode node, String path, @Nullable Key placement) {
    if (!(node instanceof ObjectNode change) || change.size() != 1) {
      throw ApiError.badRequest(path + ": expected an object of one field: " + FIELDS);
    }
    var field = change.propertyNames().iterator().next();
    var value = change.path(field);
    var at = path + "." + field;
    return switch (field) {
      case "cluster" -> new Change.Cluster(object(value, at, ManagedCluster.class, null));
      case "remove" -> new Change.Gone(text(value, at));
      case "drain" ->
          new Change.Tainted(
              text(value, at), new ManagedCluster.Taint(WhatIf.DRAINED, null, "NoSelect", null));
      case "taint" -> taint(value, at);
      case "untaint" ->
          new Change.Untainted(
              text(value.path("cluster"), at + ".cluster"), text(value.path("key"), at + ".key"));
      case "label" -> label(value, at);
      case "placement" ->
          new Change.Edited(
              Codec.decode(
                  object(value, at, Placement.class, edited(placement, at)), Placement.class));
      default -> throw ApiError.badRequest(at + ": unknown; expected one of " + FIELDS);
    };
  }

  private static Key edited(@Nullable Key placement, String at) {
    if (placement == null) {
      throw ApiError.badRequest(at + ": ask that of the Placement itself");
    }
    return placement;
  }

  private static Change taint(JsonNode value, String at) {
    var effect = text(value.path("effect"), at + ".effect");
    if (!effect.equals("NoSelect")
        && !effect.equals("NoSelectIfNew")
        && !effect.equals("PreferNoSelect")) {
      throw ApiError.badRequest(
          at
              + ".effect: expected NoSelect, NoSelectIfNew or PreferNoSelect, found \""
              + effect
              + "\"");
    }
    return new Change.Tainted(
        text(value.path("cluster"), at + ".cluster"),
        new ManagedCluster.Taint(
            text(value.path("key"), at + ".key"), value.path("value").asString(""), effect, null));
  }

  private static Change label(JsonNode value, String at) {
    var labels = new TreeMap<String, Optional<String>>();
    for (var label : value.path("labels").properties()) {
      if (!label.getValue().isNull() && !label.getValue().isString()) {
        throw ApiError.badRequest(
            at + ".labels." + label.getKey() + ": expected a text, or null to take it away");
      }
      labels.put(
          label.getKey(),
          label.getValue().isNull()
              ? Optional.empty()
              : Optional.of(label.getValue().asString("")));
    }
    if (labels.isEmpty()) {
      throw ApiError.badRequest(at + ".labels: expected at least one label");
    }
    return new Change.Labelled(text(value.path("cluster"), at + ".cluster"), labels);
  }

  /// The object of a change, of the kind it must be; a Placement is the one that is asked about.
  private static ApiObject object(
      JsonNode value, String at, Class<? extends Resource> kind, @Nullable Key named) {
    if (!(value instanceof ObjectNode given)) {
      throw ApiError.badRequest(at + ": expected an object");
    }
    var type = ResourceType.of(kind);
    var tree = given.deepCopy();
    tree.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    if (named != null) {
      tree.withObject("/metadata").put("namespace", named.namespace()).put("name", named.name());
    }
    return ApiObject.of(tree);
  }

  private static String text(JsonNode node, String at) {
    if (!node.isString() || node.asString("").isEmpty()) {
      throw ApiError.badRequest(at + ": expected a text that is not empty");
    }
    return node.asString("");
  }
}
