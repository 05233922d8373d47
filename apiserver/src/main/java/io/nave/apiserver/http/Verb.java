package io.nave.apiserver.http;

import io.nave.api.ApiError;
import java.util.Locale;

/// What is asked, in the words of RBAC.
enum Verb {
  GET,
  LIST,
  WATCH,
  CREATE,
  UPDATE,
  PATCH,
  DELETE,
  DELETECOLLECTION;

  /// The verb of a method on a target.
  ///
  /// @throws ApiError MethodNotAllowed
  static Verb of(String method, Target.Resources target, boolean watch) {
    var one = !target.name().isEmpty();
    var collection = !one && (!target.namespace().isEmpty() || !target.type().namespaced());
    var whole = target.subresource().isEmpty();
    return switch (method) {
      case "GET", "HEAD" -> one ? GET : watch ? WATCH : LIST;
      case "POST" -> allowed(collection || !whole, CREATE);
      case "PUT" -> allowed(one, UPDATE);
      case "PATCH" -> allowed(one, PATCH);
      case "DELETE" -> allowed(whole && (one || collection), one ? DELETE : DELETECOLLECTION);
      default -> allowed(false, GET);
    };
  }

  private static Verb allowed(boolean allowed, Verb verb) {
    if (!allowed) {
      throw notAllowed();
    }
    return verb;
  }

  /// In Kubernetes' words.
  static ApiError notAllowed() {
    return ApiError.methodNotAllowed(
        "the server does not allow this method on the requested resource");
  }

  boolean writes() {
    return switch (this) {
      case GET, LIST, WATCH -> false;
      case CREATE, UPDATE, PATCH, DELETE, DELETECOLLECTION -> true;
    };
  }

  /// As RBAC and metrics say it.
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
