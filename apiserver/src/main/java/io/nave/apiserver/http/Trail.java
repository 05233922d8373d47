package io.nave.apiserver.http;

import io.nave.apiserver.Caller;
import org.jspecify.annotations.Nullable;

/// What is known of a request so far, for logs and metrics. One task owns it.
final class Trail {
  final String method;
  final String path;
  @Nullable Caller prover; // who showed the credential
  @Nullable Caller caller; // as whom it was answered
  @Nullable Verb verb;
  Target.@Nullable Resources target;

  String created = ""; // the name of the object that came of it

  Trail(String method, String path) {
    this.method = method;
    this.path = path;
  }

  String user() {
    return caller == null ? "" : caller.user();
  }

  /// Who acted as [#user]; empty when that was nobody else.
  String impersonator() {
    return prover == null || prover.equals(caller) ? "" : prover.user();
  }

  /// The object it is about; empty for collections.
  String name() {
    var named = target == null ? "" : target.name();
    return named.isEmpty() ? created : named;
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
