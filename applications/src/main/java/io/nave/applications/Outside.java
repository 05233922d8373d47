package io.nave.applications;

import io.nave.api.Key;
import io.nave.applications.api.Application;
import java.util.Optional;

/// What steps see of the world beside their application and its clusters.
public interface Outside {
  Optional<Application> application(Key key);

  /// Asks a service, once for each id; nothing waits for the answer.
  ///
  /// @param id of the question; the same one is not asked twice in this process
  /// @return the answer, or empty while it is on its way
  Optional<Answer> ask(String id, Question question);

  /// @param body JSON; empty for none
  record Question(String method, String url, String body) {}

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
      public Optional<Answer> ask(String id, Question question) {
        return Optional.of(new Answer(0, "this hub calls no other services"));
      }
    };
  }
}
