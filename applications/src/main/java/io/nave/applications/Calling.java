package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.applications.Outside.Answer;
import io.nave.applications.Outside.Question;
import io.nave.applications.workflow.Reasons;
import io.nave.applications.workflow.StepAction.Call;
import io.nave.applications.workflow.StepAction.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The steps that call services: `request`, `webhook`, `notification` (spec §14). Calls are sent
/// beside the pass and at least once: a hub that dies before it wrote down the answer asks again.
final class Calling {
  /// Longest question, so that no step posts what nobody reads.
  static final int QUESTION_BYTES_MAX = 256 * 1024;

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final Site site;
  private final Outside outside;

  Calling(Site site, Outside outside) {
    this.site = site;
    this.outside = outside;
  }

  StepResult run(Call call) {
    List<Question> questions;
    try {
      questions = questions(call);
    } catch (IllegalArgumentException e) {
      return new StepResult.Ended(Reasons.RENDERING, String.valueOf(e.getMessage()));
    }
    var failures = call.state().failures() == null ? 0 : call.state().failures();
    Answer last = new Answer(200, "");
    for (var i = 0; i < questions.size(); i++) {
      var id =
          site.application().metadata().uid() + "/" + call.state().id() + "/" + failures + "/" + i;
      var answer = outside.ask(id, questions.get(i));
      if (answer.isEmpty()) {
        return new StepResult.Waiting("waiting for an answer", call.now().plus(LOOK_AGAIN), null);
      }
      last = answer.get();
      if (last.status() == 0 || last.status() >= 400) {
        return new StepResult.Failed(
            last.status() == 0
                ? last.body()
                : "%s %s answered with status %d"
                    .formatted(
                        questions.get(i).method(), host(questions.get(i).url()), last.status()));
      }
    }
    return new StepResult.Done(value(last), null);
  }

  /// Without path and query, which may hold secrets.
  private static String host(String url) {
    var slash = url.indexOf('/', url.indexOf("//") + 2);
    return slash < 0 ? url : url.substring(0, slash);
  }

  private static ObjectNode value(Answer answer) {
    var value = Json.object();
    var response = value.putObject("response").put("statusCode", answer.status());
    try {
      var parsed = Json.parse(answer.body());
      if (parsed instanceof ObjectNode object) {
        response.setAll(object);
      } else {
        response.set("body", parsed);
      }
    } catch (ApiError e) {
      response.put("body", answer.body());
    }
    return value;
  }

  private List<Question> questions(Call call) {
    var parameter = call.parameter();
    var found = new ArrayList<Question>();
    switch (call.step().type()) {
      case "request" -> {
        if (parameter.hasNonNull("header") && !parameter.path("header").isEmpty()) {
          throw new IllegalArgumentException(
              "header: this version sends no headers of its own; leave it out");
        }
        found.add(
            question(
                parameter.path("method").asString("GET"),
                parameter.path("url").asString(""),
                parameter.get("body")));
      }
      case "webhook" -> {
        var data = parameter.get("data");
        found.add(
            question(
                "POST",
                url(parameter.path("url")),
                data == null ? Json.tree(site.application()) : data));
      }
      default -> {
        for (var channel : List.of("lark", "dingding", "slack")) {
          var its = parameter.path(channel);
          if (its.isObject()) {
            found.add(question("POST", url(its.path("url")), its.path("message")));
          }
        }
        if (parameter.path("email").isObject()) {
          throw new IllegalArgumentException(
              "email: this version sends no mail; use lark, dingding, slack or webhook");
        }
      }
    }
    return found;
  }

  private static String url(JsonNode given) {
    if (given.isString()) {
      return given.stringValue();
    }
    if (given.hasNonNull("secretRef")) {
      throw new IllegalArgumentException(
          "url.secretRef: this version reads no secrets for steps; give url.value");
    }
    return given.path("value").asString("");
  }

  private static Question question(
      String method, String url, @org.jspecify.annotations.Nullable JsonNode body) {
    var text = body == null || body.isMissingNode() || body.isNull() ? "" : Json.text(body);
    if (text.length() > QUESTION_BYTES_MAX) {
      throw new IllegalArgumentException(
          "body: has " + text.length() + " characters, more than " + QUESTION_BYTES_MAX);
    }
    return new Question(method, url, text);
  }
}
