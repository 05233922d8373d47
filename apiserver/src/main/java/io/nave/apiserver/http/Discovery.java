package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is served here: the documents under `/api` and `/apis` that clients read before anything
/// else. Made anew for each request, because types may come and go.
final class Discovery {
  private static final int HASH_BYTES = 8;

  private final Api api;

  Discovery(Api api) {
    this.api = api;
  }

  /// The document of a path below `/api` or `/apis`.
  ///
  /// @param parts the path's segments, the first being `api` or `apis`
  /// @param serverAddress `host:port` where the client reaches this server
  /// @throws ApiError NotFound
  ObjectNode document(List<String> parts, String serverAddress) {
    var core = parts.getFirst().equals("api");
    return switch (parts.size()) {
      case 1 -> core ? versions(serverAddress) : groups();
      case 2 -> core ? resources("", parts.get(1)) : group(parts.get(1));
      case 3 -> resources(parts.get(1), parts.get(2));
      default -> throw ApiError.noSuchPath();
    };
  }

  private ObjectNode versions(String serverAddress) {
    var document = Json.object().put("kind", "APIVersions");
    var versions = document.putArray("versions");
    groupVersions().getOrDefault("", new LinkedHashSet<>()).forEach(versions::add);
    document
        .putArray("serverAddressByClientCIDRs")
        .addObject()
        .put("clientCIDR", "0.0.0.0/0")
        .put("serverAddress", serverAddress);
    return document;
  }

  private ObjectNode groups() {
    var document = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
    var groups = document.putArray("groups");
    groupVersions()
        .forEach((group, versions) -> {
          if (!group.isEmpty()) {
            describe(groups.addObject(), group, versions);
          }
        });
    return document;
  }

  private ObjectNode group(String name) {
    var versions = groupVersions().get(name);
    if (versions == null || name.isEmpty()) {
      throw ApiError.noSuchPath();
    }
    var document = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
    describe(document, name, versions);
    return document;
  }

  private static void describe(ObjectNode node, String group, SequencedSet<String> versions) {
    node.put("name", group);
    var all = node.putArray("versions");
    versions.forEach(version -> groupVersion(all.addObject(), group, version));
    groupVersion(node.putObject("preferredVersion"), group, versions.getFirst());
  }

  private static void groupVersion(ObjectNode node, String group, String version) {
    node.put("groupVersion", group + "/" + version).put("version", version);
  }

  private ObjectNode resources(String group, String version) {
    var document = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
    document.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
    var resources = document.putArray("resources");
    for (var type : api.types()) {
      if (type.group().equals(group) && type.version().equals(version)) {
        describe(resources, type);
      }
    }
    if (resources.isEmpty()) {
      throw ApiError.noSuchPath();
    }
    return document;
  }

  private void describe(ArrayNode resources, ResourceType type) {
    var node = resource(resources.addObject(), type, type.plural(), type.singular());
    strings(node, "verbs", api.verbs(type, ""));
    strings(node, "shortNames", type.shortNames());
    strings(node, "categories", type.categories());
    api.storedAs(type).ifPresent(stored -> node.put("storageVersionHash", hash(stored)));
    for (var subresource : api.subresources(type)) {
      var side = resource(resources.addObject(), type, type.plural() + "/" + subresource, "");
      api.answers(type, subresource)
          .ifPresent(kind ->
              side.put("group", kind.group())
                  .put("version", kind.version())
                  .put("kind", kind.kind()));
      strings(side, "verbs", api.verbs(type, subresource));
    }
  }

  /// Tells clients whether objects are stored in another version than before; computed as in
  /// Kubernetes, so that the same kind has the same hash.
  private static String hash(ResourceType stored) {
    var name = stored.group() + "/" + stored.version() + "/" + stored.kind();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(Arrays.copyOf(digest, HASH_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static ObjectNode resource(
      ObjectNode node, ResourceType type, String name, String singular) {
    return node.put("name", name)
        .put("singularName", singular)
        .put("namespaced", type.namespaced())
        .put("kind", type.kind());
  }

  private static void strings(ObjectNode node, String field, List<String> values) {
    if (!values.isEmpty()) {
      var array = node.putArray(field);
      values.forEach(array::add);
    }
  }

  /// Versions of each group, in the order of the types.
  private Map<String, SequencedSet<String>> groupVersions() {
    var found = new LinkedHashMap<String, SequencedSet<String>>();
    for (var type : api.types()) {
      found.computeIfAbsent(type.group(), _ -> new LinkedHashSet<>()).add(type.version());
    }
    return found;
  }
}
