package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.apiserver.Subresource;
import io.nave.runtime.Cancelled;
import io.nave.runtime.Host;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Has subresources compute their answers, within their time.
final class Answers {
  private sealed interface Outcome {
    record Answer(ApiObject object) implements Outcome {}

    record Failure(RuntimeException cause) implements Outcome {}
  }

  private final Host host;

  Answers(Host host) {
    this.host = host;
  }

  /// @throws ApiError as the handler throws it; Timeout when it took too long
  ApiObject answer(Subresource side, Subresource.Question question) {
    var outcome = new AtomicReference<Outcome>();
    var task =
        host.start(
            "answer-" + side.name(),
            () -> outcome.set(outcome(() -> side.handler().answer(question))));
    try {
      task.join(side.atMost());
    } finally {
      task.cancel(); // it has ended, or nobody waits for it any longer
    }
    return switch (outcome.get()) {
      case null ->
          throw ApiError.timeout(
              "%s of %s took longer than %d s; try again later, or ask for less"
                  .formatted(side.name(), question.object().key(), side.atMost().toSeconds()));
      case Outcome.Answer(var object) -> typed(object, side.kind());
      case Outcome.Failure(var cause) -> throw cause;
    };
  }

  private static Outcome outcome(Supplier<ApiObject> handler) {
    try {
      return new Outcome.Answer(handler.get());
    } catch (Cancelled e) {
      throw e;
    } catch (RuntimeException e) {
      return new Outcome.Failure(e);
    }
  }

  /// The question with its kind filled in.
  ///
  /// @throws ApiError BadRequest when it is of another
  static ApiObject question(ApiObject sent, Subresource side) {
    check("API version", sent.apiVersion(), side.kind().apiVersion());
    check("kind", sent.kind(), side.kind().kind());
    return typed(sent, side.kind());
  }

  private static void check(String what, String found, String expected) {
    if (!found.isEmpty() && !found.equals(expected)) {
      throw ApiError.badRequest(
          "the %s in the data (%s) does not match the expected %s (%s)"
              .formatted(what, found, what, expected));
    }
  }

  private static ApiObject typed(ApiObject object, ResourceType kind) {
    return object.kind().isEmpty() || object.apiVersion().isEmpty()
        ? object.edit(tree -> tree.put("apiVersion", kind.apiVersion()).put("kind", kind.kind()))
        : object;
  }
}
