package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;

/// Request targets of the Kubernetes API. Names are checked before they become part of a path: an
/// empty one would turn the delete of one object into that of a whole collection.
final class ApiPaths {
  private static final String UNRESERVED = "-._~:@";
  private static final String HEX = "0123456789ABCDEF";

  private ApiPaths() {}

  /// The collection of a type in one namespace, or over all when it is empty.
  static String collection(ResourceType type, String namespace) {
    var root = (type.group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion();
    return type.namespaced() && !namespace.isEmpty()
        ? root + "/namespaces/" + segment("metadata.namespace", namespace) + "/" + type.plural()
        : root + "/" + type.plural();
  }

  /// The collection a new object goes to.
  static String home(ResourceType type, String namespace) {
    requireNamespace(type, namespace);
    return collection(type, namespace);
  }

  /// One object, or a subresource of it.
  static String object(ResourceType type, Key key, String subresource) {
    requireNamespace(type, key.namespace());
    var path = collection(type, key.namespace()) + "/" + segment("metadata.name", key.name());
    return subresource.isEmpty() ? path : path + "/" + segment("subresource", subresource);
  }

  /// `?a=b&c=d`, skipping empty values; empty when nothing is left.
  static String query(Map<String, String> parameters) {
    var query = new StringJoiner("&", "?", "").setEmptyValue("");
    parameters.forEach((name, value) -> {
      if (!value.isEmpty()) {
        query.add(name + "=" + encode(value));
      }
    });
    return query.toString();
  }

  /// Adds the parameters that select objects.
  static void select(Map<String, String> parameters, Selection selection) {
    parameters.put("labelSelector", selection.labelQuery());
    parameters.put("fieldSelector", selection.fieldQuery());
  }

  private static void requireNamespace(ResourceType type, String namespace) {
    if (type.namespaced() && namespace.isEmpty()) {
      throw ApiError.badRequest(
          "metadata.namespace: " + type.resource() + " live in a namespace, none was given");
    }
  }

  private static String segment(String field, String name) {
    if (name.isEmpty()
        || name.equals(".")
        || name.equals("..")
        || name.indexOf('/') >= 0
        || name.indexOf('%') >= 0) {
      throw ApiError.badRequest(
          field
              + ": must not be empty, \".\" or \"..\" nor contain \"/\" or \"%\", was \""
              + name
              + "\"");
    }
    return encode(name);
  }

  private static String encode(String text) {
    var encoded = new StringBuilder(text.length() + 16);
    for (var b : text.getBytes(StandardCharsets.UTF_8)) {
      var c = (char) (b & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
      }
    }
    return encoded.toString();
  }
}
