package io.nave.apiserver;

import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// One side of an object that answers a question instead of showing the object, such as
/// `serviceaccounts/NAME/token`: what Kubernetes calls a connect subresource.
///
/// It is asked with GET, POST or PUT on `.../NAME/SUBRESOURCE`, authorized as
/// `resource/subresource` with the verb `get`, `create` or `update`, and stands in discovery with a
/// kind of its own. The same call works through [Api#ask], through a
/// [io.nave.controllers.ApiClient] of this process or of another, and over HTTPS. A part of the
/// process plugs one in where it hands its kinds to the server:
///
/// ```java
/// ServedType.of(Placement.class)
///     .withSubresource(Subresource.reading("explain", EXPLANATION, question -> explain(question)))
/// ```
///
/// @param name the last segment of the path; not `status`, `scale` or another that shows the object
/// @param kind of question and answer; its plural and scope say nothing
/// @param verbs those of `get`, `create` and `update` that it answers
/// @param atMost how long one answer may take; then the caller is told 504 and the handler's task
///   is cancelled
public record Subresource(
    String name, ResourceType kind, List<String> verbs, Duration atMost, Handler handler) {
  /// Below what clients wait, and what a person still calls an answer.
  public static final Duration AT_MOST = Duration.ofSeconds(10);

  private static final List<String> VERBS = List.of("create", "get", "update");

  public Subresource {
    verbs = verbs.stream().sorted().toList();
    if (verbs.isEmpty() || !VERBS.containsAll(verbs)) {
      throw new IllegalArgumentException(
          name + ": verbs must be some of " + VERBS + ", were " + verbs);
    }
  }

  /// One that is only looked at: `get`.
  public static Subresource reading(String name, ResourceType kind, Handler handler) {
    return new Subresource(name, kind, List.of("get"), AT_MOST, handler);
  }

  /// One that a question is posted to: `create`.
  public static Subresource asking(String name, ResourceType kind, Handler handler) {
    return new Subresource(name, kind, List.of("create"), AT_MOST, handler);
  }

  /// Computes answers. Called on a task of its own, which is cancelled when its time is over or its
  /// asker is gone; it may run a controller's code and read the API, and refuses with an
  /// [io.nave.api.ApiError].
  @FunctionalInterface
  public interface Handler {
    /// @return the answer; where it names no `apiVersion` and `kind`, those of the subresource
    ApiObject answer(Question question);
  }

  /// What is asked about which object.
  ///
  /// @param verb `get`, `create` or `update`
  /// @param object as stored now
  /// @param body as sent, its `apiVersion` and `kind` checked; an empty object for `get`
  /// @param parameters the query, decoded
  /// @param dryRun nothing may be left behind
  /// @param now the server's time
  public record Question(
      Caller caller,
      String verb,
      ApiObject object,
      ApiObject body,
      Map<String, List<String>> parameters,
      boolean dryRun,
      Instant now) {
    public Question {
      parameters = Map.copyOf(parameters);
    }

    /// The first value of a parameter; empty when it is not there.
    public String parameter(String parameter) {
      var values = parameters.getOrDefault(parameter, List.of());
      return values.isEmpty() ? "" : values.getFirst();
    }
  }
}
