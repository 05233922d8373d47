package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.apiserver.Api;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a path names.
sealed interface Target {
  /// A document that is no resource, such as `/version`.
  ///
  /// @param parts the path's decoded segments
  record Document(String path, List<String> parts) implements Target {
    public Document {
      parts = List.copyOf(parts);
    }
  }

  /// A collection, an object of it, or one side of an object.
  ///
  /// @param namespace empty: all namespaces, or cluster scope
  /// @param name empty for the collection
  /// @param subresource empty for the object itself
  record Resources(ResourceType type, String namespace, String name, String subresource)
      implements Target {
    Key key() {
      return new Key(namespace, name);
    }
  }

  /// @param path without query
  /// @throws ApiError NotFound when no such resource is served, BadRequest when it is no path
  static Target of(String path, Api api) {
    var parts = split(path);
    var core = !parts.isEmpty() && parts.getFirst().equals("api");
    var named = !parts.isEmpty() && parts.getFirst().equals("apis");
    var head = core ? 2 : 3;
    if (!(core || named) || parts.size() <= head) {
      return new Document(path, parts);
    }
    var group = core ? "" : parts.get(1);
    return resources(group, parts.get(head - 1), parts.subList(head, parts.size()), api);
  }

  private static Target resources(String group, String version, List<String> rest, Api api) {
    // namespaces/<ns>/status and /finalize are sides of the Namespace itself, not collections.
    var inNamespace =
        rest.getFirst().equals("namespaces")
            && rest.size() > 2
            && !rest.get(2).equals("status")
            && !rest.get(2).equals("finalize");
    var namespace = inNamespace ? rest.get(1) : "";
    var own = inNamespace ? rest.subList(2, rest.size()) : rest;
    var type = api.type(group, version, own.getFirst()).orElseThrow(ApiError::noSuchPath);
    var name = own.size() > 1 ? own.get(1) : "";
    var subresource = own.size() > 2 ? own.get(2) : "";
    var fits = type.namespaced() ? inNamespace || name.isEmpty() : !inNamespace;
    var known = subresource.isEmpty() || api.subresources(type).contains(subresource);
    if (!fits || !known || own.size() > 3) {
      throw ApiError.noSuchPath();
    }
    return new Resources(type, namespace, name, subresource);
  }

  private static List<String> split(String path) {
    var parts = new ArrayList<String>();
    for (var part : path.split("/")) {
      if (!part.isEmpty()) {
        parts.add(decode(part));
      }
    }
    return parts;
  }

  private static String decode(String part) {
    String decoded;
    try {
      decoded = URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiError.badRequest("the path holds a broken escape: " + part);
    }
    // What Kubernetes forbids in a path segment name.
    if (decoded.equals(".")
        || decoded.equals("..")
        || decoded.indexOf('/') >= 0
        || decoded.indexOf('%') >= 0) {
      throw ApiError.badRequest("the path holds a segment that is no name: " + part);
    }
    return decoded;
  }
}
