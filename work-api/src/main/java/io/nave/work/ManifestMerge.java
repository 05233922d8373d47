package io.nave.work;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Lays a manifest over the object that is there, without undoing what the cluster itself filled in
/// (strategy Update of spec/ocm-behaviour.md §6.4).
///
/// - What the manifest says wins; what it does not say stays, unless an earlier manifest said it.
/// - Labels, annotations and owner references are added and changed, never removed; finalizers,
///   status and the rest of the metadata are the cluster's.
/// - Lists have the manifest's items. An item keeps what the cluster filled in when it has the same
///   name, or the same place in a list of the same length.
/// - Data of ConfigMaps and Secrets and the rules of roles are taken exactly: nothing fills them
///   in, and a key too many there matters.
///
/// A known limit: equal values in different clothes (`1000m` and `1`) count as different. The
/// caller bounds what that costs by remembering [#digest] of what its last write became.
public final class ManifestMerge {
  private static final Set<String> NOT_MERGED = Set.of("apiVersion", "kind", "metadata", "status");
  private static final List<String> SERVER_METADATA =
      List.of(
          "uid",
          "resourceVersion",
          "generation",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "selfLink",
          "managedFields");

  private static final JsonNode MISSING = JsonNodeFactory.instance.missingNode();

  private ManifestMerge() {}

  /// The manifest as it is created or merged: without what only a server may say, and with
  /// `stringData` of a Secret moved to `data`.
  public static ApiObject wanted(JsonNode manifest) {
    return ApiObject.of((ObjectNode) manifest.deepCopy())
        .edit(tree -> {
          if (tree.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(SERVER_METADATA);
          }
          if (isCore(tree, "Secret")) {
            encodeStringData(tree);
          }
        });
  }

  /// What to write so that `live` becomes what is wanted; empty when it already is.
  ///
  /// @param last what this agent wanted before, if known: fields that left it since are removed
  public static Optional<ApiObject> merge(
      ApiObject wanted, ApiObject live, @Nullable ApiObject last) {
    var merged =
        live.edit(tree -> {
          mergeMetadata(wanted, tree);
          var before = last == null ? MISSING : last.json();
          for (var field : wanted.json().properties()) {
            if (!NOT_MERGED.contains(field.getKey())) {
              var name = field.getKey();
              var next =
                  isExact(tree, name)
                      ? exact(field.getValue(), tree.path(name))
                      : Layer.over(field.getValue(), tree.path(name), before.path(name));
              Layer.put(tree, name, next);
            }
          }
          for (var name : before.propertyNames()) {
            if (!NOT_MERGED.contains(name) && !wanted.json().has(name)) {
              tree.remove(name);
            }
          }
        });
    return merged.equals(live) ? Optional.empty() : Optional.of(merged);
  }

  /// The wanted content in place of all that is there but metadata and status: for when the cluster
  /// finds the outcome of [#merge] invalid, as when one of two exclusive fields takes the place of
  /// the other.
  public static ApiObject replace(ApiObject wanted, ApiObject live) {
    return wanted.edit(tree -> {
      var kept = live.edit(copy -> mergeMetadata(wanted, copy)).json();
      tree.set("metadata", kept.path("metadata"));
      Layer.put(tree, "status", kept.path("status"));
    });
  }

  /// A fingerprint of all that [#merge] compares. An object whose digest is that of the agent's own
  /// last write has not drifted, whatever form the server gave to the values.
  public static String digest(ApiObject live) {
    var content =
        live.edit(tree -> {
          tree.remove("status");
          if (tree.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(SERVER_METADATA);
          }
        });
    return sha256(content.bytes());
  }

  /// The fingerprint of a manifest, or of any JSON.
  public static String digest(JsonNode json) {
    return sha256(Json.encode(json));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void mergeMetadata(ApiObject wanted, ObjectNode tree) {
    var metadata = tree.withObjectProperty("metadata");
    for (var name : List.of("labels", "annotations")) {
      var next = Layer.over(wanted.metadata().path(name), metadata.path(name), MISSING);
      if (!next.isEmpty() || metadata.has(name)) {
        Layer.put(metadata, name, next);
      }
    }
    for (var owner : wanted.metadata().path("ownerReferences")) {
      var uid = owner.path("uid").asString("");
      var present = false;
      for (var known : metadata.path("ownerReferences")) {
        present |= known.path("uid").asString("").equals(uid);
      }
      if (!present) {
        metadata.withArrayProperty("ownerReferences").add(owner.deepCopy());
      }
    }
  }

  /// Whether the cluster never fills anything into this field.
  private static boolean isExact(ObjectNode live, String field) {
    return switch (field) {
      case "data", "binaryData" ->
          isCore(live, "ConfigMap")
              || (isCore(live, "Secret")
                  && !live.path("type").asString("").equals("kubernetes.io/service-account-token"));
      case "rules" ->
          live.path("apiVersion").asString("").startsWith("rbac.authorization.k8s.io/")
              && !live.has("aggregationRule");
      default -> false;
    };
  }

  private static JsonNode exact(JsonNode wanted, JsonNode live) {
    if (wanted.isNull()) {
      return live;
    }
    var bare = Layer.withoutNulls(wanted);
    return bare.isEmpty() && live.isMissingNode() ? live : bare;
  }

  private static void encodeStringData(ObjectNode secret) {
    if (secret.remove("stringData") instanceof ObjectNode texts && !texts.isEmpty()) {
      var data = secret.withObjectProperty("data");
      for (var text : texts.properties()) {
        var bytes = text.getValue().asString("").getBytes(StandardCharsets.UTF_8);
        data.put(text.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
    }
  }

  private static boolean isCore(JsonNode tree, String kind) {
    return tree.path("apiVersion").asString("").equals("v1")
        && tree.path("kind").asString("").equals(kind);
  }
}
