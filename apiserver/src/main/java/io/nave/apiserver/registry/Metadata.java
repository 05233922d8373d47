package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The part of an object that the server keeps itself: identity, times, generation.
final class Metadata {
  /// Set by the server alone; what a client sends there is replaced by what is stored.
  private static final List<String> OURS =
      List.of(
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds");

  /// Known, but not kept: `selfLink` is gone from Kubernetes, and fields have no owners here yet.
  private static final List<String> DROPPED = List.of("selfLink", "managedFields");

  /// Everything else that Kubernetes has there.
  private static final List<String> THEIRS =
      List.of(
          "name",
          "generateName",
          "namespace",
          "labels",
          "annotations",
          "finalizers",
          "ownerReferences");

  /// Finalizers that the garbage collector takes off.
  private static final String ORPHAN = "orphan";

  private static final String FOREGROUND = "foregroundDeletion";

  private Metadata() {}

  /// The fields of the metadata that Kubernetes does not know; they are not kept.
  static List<String> unknown(ApiObject sent) {
    return sent.metadata().properties().stream()
        .map(property -> property.getKey())
        .filter(field -> !known(field) && !DROPPED.contains(field))
        .map(field -> "metadata." + field)
        .toList();
  }

  private static boolean known(String field) {
    return OURS.contains(field) || THEIRS.contains(field);
  }

  /// The object as a private tree of the right version and kind, with clean metadata.
  ///
  /// @throws ApiError BadRequest when it is of another version or kind, or its metadata unreadable
  static ApiObject read(ServedType served, ApiObject sent) {
    var type = served.type();
    var tree = Trees.ordered(sent.json());
    checkSame("API version", tree.path("apiVersion"), type.apiVersion());
    checkSame("kind", tree.path("kind"), type.kind());
    var next = Json.object().put("apiVersion", type.apiVersion()).put("kind", type.kind());
    next.set("metadata", meta(tree.path("metadata")));
    tree.properties().forEach(p -> next.putIfAbsent(p.getKey(), p.getValue()));
    return ApiObject.of(next);
  }

  private static ObjectNode meta(JsonNode sent) {
    if (!sent.isMissingNode() && !sent.isObject()) {
      throw ApiError.badRequest("metadata must be an object");
    }
    var meta = Json.object();
    for (var property : sent.properties()) {
      var value = property.getValue();
      if (known(property.getKey()) && !value.isNull() && !emptyContainer(value)) {
        meta.set(property.getKey(), value);
      }
    }
    MetadataRules.checkForm(meta);
    return meta;
  }

  private static boolean emptyContainer(JsonNode value) {
    return value.isContainer() && value.isEmpty();
  }

  private static void checkSame(String what, JsonNode found, String expected) {
    var text = found.asString("");
    if (!text.isEmpty() && !text.equals(expected)) {
      throw ApiError.badRequest(
          "the "
              + what
              + " in the data ("
              + text
              + ") does not match the expected "
              + what
              + " ("
              + expected
              + ")");
    }
  }

  /// A new object's identity.
  static ApiObject born(ApiObject object, ServedType served, String name, String uid, Instant now) {
    return object.edit(tree -> {
      var meta = tree.withObjectProperty("metadata");
      meta.remove(OURS);
      meta.put("name", name).put("uid", uid).put("creationTimestamp", second(now));
      if (served.strategy().countsGenerations()) {
        meta.put("generation", 1);
      }
      if (served.type().statusSubresource()) {
        tree.remove("status");
      }
    });
  }

  /// What the main resource of a stored object becomes when `sent` is written over it.
  static ApiObject over(ApiObject old, ApiObject sent, ResourceType type) {
    return sent.edit(tree -> {
      var meta = tree.withObjectProperty("metadata");
      OURS.forEach(field -> Trees.put(meta, field, old.metadata().get(field)));
      if (type.statusSubresource()) {
        Trees.put(tree, "status", old.json().get("status"));
      }
    });
  }

  /// The object with the generation that its change from `old` earns it.
  static ApiObject counted(ApiObject old, ApiObject next, ServedType served) {
    if (!served.strategy().countsGenerations() || sameWish(old, next, served.type())) {
      return next;
    }
    return next.editMeta(meta -> meta.put("generation", old.generation() + 1));
  }

  private static boolean sameWish(ApiObject old, ApiObject next, ResourceType type) {
    return Json.same(wish(old, type), wish(next, type));
  }

  private static ObjectNode wish(ApiObject object, ResourceType type) {
    var wish = Json.object();
    for (var property : object.json().properties()) {
      var field = property.getKey();
      if (!field.equals("metadata") && !(type.statusSubresource() && field.equals("status"))) {
        wish.set(field, property.getValue());
      }
    }
    return wish;
  }

  /// The object on its way out.
  static ApiObject marked(ApiObject old, ServedType served, Instant now) {
    return old.editMeta(meta -> {
      meta.put("deletionTimestamp", second(now)).put("deletionGracePeriodSeconds", 0);
      if (served.strategy().countsGenerations()) {
        meta.put("generation", old.generation() + 1);
      }
    });
  }

  /// The object with the finalizer that makes the garbage collector deal with its dependents first,
  /// if that is asked.
  static ApiObject propagating(ApiObject old, Api.Propagation propagation) {
    var wanted = new ArrayList<>(old.finalizers());
    if (propagation != Api.Propagation.UNSAID) {
      wanted.removeAll(List.of(ORPHAN, FOREGROUND));
    }
    switch (propagation) {
      case ORPHAN -> wanted.add(ORPHAN);
      case FOREGROUND -> wanted.add(FOREGROUND);
      case UNSAID, BACKGROUND -> {}
    }
    if (new TreeSet<>(wanted).equals(new TreeSet<>(old.finalizers()))) {
      return old;
    }
    return old.editMeta(meta -> {
      meta.remove("finalizers");
      wanted.forEach(meta.withArrayProperty("finalizers")::add);
    });
  }

  private static String second(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
