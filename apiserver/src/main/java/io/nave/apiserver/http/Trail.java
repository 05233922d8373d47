package io.nave.apiserver.http;

import io.nave.apiserver.Caller;
import org.jspecify.annotations.Nullable;

/// What is known of a request so far, for logs and metrics. One task owns it.
final class Trail {
  final String method;
  final String path;
  @Nullable Caller caller;
  @Nullable Verb verb;
  Target.@Nullable Resources target;

  Trail(String method, String path) {
    this.method = method;
    this.path = path;
  }

  String user() {
    return caller == null ? "" : caller.user();
  }

  String verbText() {
    return verb == null ? "other" : verb.text();
  }

  /// The API group, from the set of those served here.
  String group() {
    if (target == null) {
      return "none";
    }
    return target.type().group().isEmpty() ? "core" : target.type().group();
  }

  /// Whether it tried to change something, as far as it got.
  boolean writes() {
    return verb != null
        ? verb.writes()
        : switch (method) {
          case "POST", "PUT", "PATCH", "DELETE" -> true;
          default -> false;
        };
  }
}
