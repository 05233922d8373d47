package io.nave.hub;

import io.nave.apiserver.outbound.Calls;
import io.nave.applications.Outbound;
import io.nave.applications.Outside.Answer;
import io.nave.applications.Outside.Question;
import io.nave.runtime.Transport.Unreachable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Pattern;

/// Lets workflow steps call services, as nobody in particular: whoever may write an Application may
/// have the hub send a request, so it carries no credential, and never goes to the link-local
/// addresses where clouds hand out theirs.
record StepCalls(Calls calls) implements Outbound {
  /// As KubeVela waits.
  private static final Duration AT_MOST = Duration.ofSeconds(3);

  private static final Pattern LINK_LOCAL =
      Pattern.compile("(?i)https?://([^/@]*@)?(169\\.254\\.|\\[fe80:|metadata\\.).*");

  /// What of an answer is kept for the steps that follow.
  private static final int ANSWER_BYTES_MAX = 64 * 1024;

  @Override
  public Answer call(Question question) {
    if (LINK_LOCAL.matcher(question.url()).matches()) {
      return new Answer(0, "this hub sends no requests to link-local addresses");
    }
    try {
      var body = question.body().getBytes(StandardCharsets.UTF_8);
      var response =
          calls.send(question.method(), question.url(), "", question.headers(), body, AT_MOST);
      if (response.body().length > ANSWER_BYTES_MAX) {
        return new Answer(
            0,
            "the answer has %d bytes, more than %d"
                .formatted(response.body().length, ANSWER_BYTES_MAX));
      }
      return new Answer(response.status(), new String(response.body(), StandardCharsets.UTF_8));
    } catch (Unreachable e) {
      return new Answer(0, String.valueOf(e.getMessage()));
    }
  }
}
