package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.api.Application;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What steps see of the world beside their application and its clusters.
public interface Outside {
  Optional<Application> application(Key key);

  /// Asks a service, once for each id; nothing waits for the answer.
  ///
  /// @param id of the question; the same one is not asked twice in this process
  /// @return the answer, or empty while it is on its way
  Optional<Answer> ask(String id, Question question);

  /// The value of a key of a Secret of the application's namespace; empty when there is none.
  Optional<String> secret(String name, String key);

  /// An object of the hub, in the application's namespace; empty when there is none.
  Optional<ObjectNode> object(Reference reference);

  /// A question to a service. Its URL and headers may be secret: it never shows them.
  ///
  /// @param headers beside those that say what the body is
  /// @param body JSON; empty for none
  record Question(String method, String url, Map<String, String> headers, String body) {
    public Question {
      headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
      return "Question[" + method + "]";
    }
  }

  /// @param status of HTTP; 0: there was no answer, and `body` says why
  record Answer(int status, String body) {}

  /// One that asks nobody.
  static Outside none() {
    return new Outside() {
      @Override
      public Optional<Application> application(Key key) {
        return Optional.empty();
      }

      @Override
      public Optional<String> secret(String name, String key) {
        return Optional.empty();
      }

      @Override
      public Optional<ObjectNode> object(Reference reference) {
        return Optional.empty();
      }

      @Override
      public Optional<Answer> ask(String id, Question question) {
        return Optional.of(new Answer(0, "this hub calls no other services"));
      }
    };
  }
}
