package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.applications.Outside.Answer;
import io.nave.applications.Outside.Question;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.workflow.Reasons;
import io.nave.applications.workflow.StepAction.Call;
import io.nave.applications.workflow.StepAction.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The steps that call services: `request`, `webhook`, `notification` (spec §14). Calls are sent
/// beside the pass and at least once: a hub that dies before it wrote down the answer asks again.
final class Calling {
  /// Longest question, so that no step posts what nobody reads.
  static final int QUESTION_BYTES_MAX = 256 * 1024;

  private static final int HEADERS_MAX = 20;
  private static final int HEADER_CHARACTERS_MAX = 8 * 1024;
  private static final Pattern HEADER = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,64}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e]*");

  /// What says how the message travels.
  private static final Set<String> OWN_HEADERS =
      new TreeSet<>(
          List.of(
              "connection",
              "content-length",
              "expect",
              "host",
              "te",
              "trailer",
              "transfer-encoding",
              "upgrade"));

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  private final Site site;
  private final Outside outside;

  Calling(Site site, Outside outside) {
    this.site = site;
    this.outside = outside;
  }

  /// A question, and how it may be spoken of: a URL that a Secret holds is never shown.
  private record Asked(Question question, String name) {}

  StepResult run(Call call) {
    List<Asked> questions;
    try {
      questions = questions(call);
    } catch (IllegalArgumentException e) {
      return new StepResult.Ended(Reasons.RENDERING, String.valueOf(e.getMessage()));
    } catch (Missing e) {
      return new StepResult.Failed(String.valueOf(e.getMessage()));
    }
    var failures = call.state().failures() == null ? 0 : call.state().failures();
    Answer last = new Answer(200, "");
    for (var i = 0; i < questions.size(); i++) {
      var id =
          site.application().metadata().uid() + "/" + call.state().id() + "/" + failures + "/" + i;
      var asked = questions.get(i);
      var answer = outside.ask(id, asked.question());
      if (answer.isEmpty()) {
        return new StepResult.Waiting("waiting for an answer", call.now().plus(LOOK_AGAIN), null);
      }
      last = answer.get();
      if (last.status() == 0 || last.status() >= 400) {
        return new StepResult.Failed(fault(asked, last));
      }
    }
    return new StepResult.Done(value(last), null);
  }

  private static String fault(Asked asked, Answer answer) {
    if (answer.status() != 0) {
      return "%s %s answered with status %d"
          .formatted(asked.question().method(), asked.name(), answer.status());
    }
    var secret = !asked.name().equals(host(asked.question().url()));
    return secret ? asked.name() + " gave no answer" : answer.body();
  }

  /// Without path and query, which may hold secrets.
  private static String host(String url) {
    var slash = url.indexOf('/', url.indexOf("//") + 2);
    var host = slash < 0 ? url : url.substring(0, slash);
    return host.replaceFirst("//[^@]*@", "//");
  }

  /// The answer as `response`, and where KubeVela's templates keep it.
  private static ObjectNode value(Answer answer) {
    var value = Json.object();
    var response = value.putObject("response").put("statusCode", answer.status());
    var whole = Json.object().put("statusCode", answer.status()).put("body", answer.body());
    value.putObject("req").set("response", whole);
    value.putObject("webhook").putObject("req").set("response", whole);
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

  private List<Asked> questions(Call call) {
    var parameter = call.parameter();
    var found = new ArrayList<Asked>();
    switch (call.step().type()) {
      case "request" -> {
        var url = parameter.path("url").asString("");
        var method = parameter.path("method").asString("GET");
        var headers = headers(parameter.path("header"));
        found.add(new Asked(question(method, url, headers, parameter.get("body")), host(url)));
      }
      case "webhook" -> {
        var data = parameter.get("data");
        found.add(
            post(
                "url", parameter.path("url"), data == null ? Json.tree(site.application()) : data));
      }
      default -> {
        for (var channel : List.of("lark", "dingding", "slack")) {
          var its = parameter.path(channel);
          if (its.isObject()) {
            found.add(post(channel + ".url", its.path("url"), its.path("message")));
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

  /// A Secret that is not there yet.
  private static final class Missing extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Missing(String message) {
      super(message);
    }
  }

  private Asked post(String path, JsonNode given, @Nullable JsonNode body) {
    if (given.isString()) {
      var url = given.stringValue();
      return new Asked(question("POST", url, Map.of(), body), host(url));
    }
    var ref = given.path("secretRef");
    if (!ref.isObject()) {
      var url = given.path("value").asString("");
      return new Asked(question("POST", url, Map.of(), body), host(url));
    }
    var secret = ref.path("name").asString("");
    var key = ref.path("key").asString("");
    var url =
        outside
            .secret(secret, key)
            .orElseThrow(() ->
                new Missing(
                    "%s: Secret %s in namespace %s has no key \"%s\"; create it"
                        .formatted(path, secret, site.application().metadata().namespace(), key)));
    return new Asked(
        question("POST", url.strip(), Map.of(), body),
        "the URL in key " + key + " of Secret " + secret);
  }

  private static Map<String, String> headers(JsonNode given) {
    var headers = new LinkedHashMap<String, String>();
    var length = 0;
    for (var header : given.properties()) {
      var name = header.getKey().toLowerCase(Locale.ROOT);
      var value = header.getValue().asString("");
      length += name.length() + value.length();
      if (!HEADER.matcher(name).matches() || OWN_HEADERS.contains(name)) {
        throw new IllegalArgumentException(
            "header: \"%s\" cannot be set; the names %s are the hub's own, others are letters, digits and -"
                .formatted(header.getKey(), OWN_HEADERS));
      }
      if (!HEADER_VALUE.matcher(value).matches()) {
        throw new IllegalArgumentException(
            "header: the value of \"%s\" may hold printable ASCII only".formatted(header.getKey()));
      }
      headers.put(name, value);
    }
    if (headers.size() > HEADERS_MAX || length > HEADER_CHARACTERS_MAX) {
      throw new IllegalArgumentException(
          "header: has %d headers of %d characters, more than %d of %d"
              .formatted(headers.size(), length, HEADERS_MAX, HEADER_CHARACTERS_MAX));
    }
    return headers;
  }

  private static Question question(
      String method, String url, Map<String, String> headers, @Nullable JsonNode body) {
    var text = body == null || body.isMissingNode() || body.isNull() ? "" : Json.text(body);
    if (text.length() > QUESTION_BYTES_MAX) {
      throw new IllegalArgumentException(
          "body: has " + text.length() + " characters, more than " + QUESTION_BYTES_MAX);
    }
    return new Question(method, url, headers, text);
  }

  /// The Secrets of the namespace that steps of these types name, by what their properties say.
  static List<String> secrets(WorkflowStep step) {
    var names = new ArrayList<String>();
    if (step.type().equals("webhook") || step.type().equals("notification")) {
      for (var ref : Steps.properties(step).findValues("secretRef")) {
        names.add(ref.path("name").asString(""));
      }
    }
    return names;
  }
}
