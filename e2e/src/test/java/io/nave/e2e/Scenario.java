package io.nave.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.runtime.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Requests that a client makes one after the other, as a file of cases holds them.
///
/// @param steps each with `do` and what the file's head says
record Scenario(String name, List<JsonNode> steps) {
  /// One answer, as far as two servers can be asked to give the same: identities, times and
  /// revisions are named, not shown.
  ///
  /// @param step the request, for messages
  record Answer(String step, JsonNode content) {}

  /// All cases of a file beside this class.
  static List<Scenario> read(String file) {
    try (var in = Objects.requireNonNull(Scenario.class.getResourceAsStream(file), file)) {
      var cases = new ArrayList<Scenario>();
      for (var each : Yaml.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8))) {
        cases.add(
            new Scenario(each.path("case").asString(""), List.copyOf(each.path("steps").values())));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Asks all of it of one server.
  ///
  /// @param namespace one that is not there yet
  List<Answer> play(Transport server, String namespace) {
    var known = new TreeMap<>(Map.of("ns", namespace));
    send(server, Json.parse(newNamespace(namespace)), known);
    var answers = new ArrayList<Answer>();
    for (var step : steps) {
      var response = send(server, step, known);
      var body = read(step, response);
      keep(step.path("save"), body, known);
      var same = step.path("same");
      same.properties()
          .forEach(each ->
              assertThat(body.at(each.getValue().asString("")).asString(""))
                  .as(name + ", " + step.path("do") + ": " + each.getKey() + " must be as before")
                  .isEqualTo(known.get(each.getKey())));
      var content = Json.object().put("status", response.status());
      content.put("content-type", response.headers().getOrDefault("content-type", ""));
      content.put("warning", response.headers().getOrDefault("warning", ""));
      content.set("body", body);
      var unordered = step.path("unordered").asBoolean(false);
      answers.add(
          new Answer(step.path("do").asString(""), new Neutral(namespace, unordered).of(content)));
    }
    return answers;
  }

  private static String newNamespace(String name) {
    return """
    {"do": "POST /api/v1/namespaces",
     "body": {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}}
    """
        .formatted(name);
  }

  private static Transport.Response send(
      Transport server, JsonNode step, Map<String, String> known) {
    var words = filled(step.path("do").asString(""), known).split(" ", 2);
    var headers = new TreeMap<String, String>();
    headers.put("user-agent", step.path("agent").asString("client/1"));
    if (step.has("accept")) {
      headers.put("accept", step.path("accept").asString(""));
    }
    var body = "";
    if (step.has("body") || step.has("text")) {
      headers.put("content-type", step.path("type").asString("application/json"));
      body =
          filled(
              step.has("text") ? step.path("text").asString("") : Json.text(step.path("body")),
              known);
    }
    return server.send(
        new Transport.Request(words[0], words[1], headers, body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String filled(String text, Map<String, String> known) {
    var filled = text;
    for (var each : known.entrySet()) {
      filled = filled.replace("{" + each.getKey() + "}", each.getValue());
    }
    return filled;
  }

  private static JsonNode read(JsonNode step, Transport.Response response) {
    var text = new String(response.body(), StandardCharsets.UTF_8);
    if (step.path("stream").asBoolean(false) && response.status() == 200) {
      var events = Json.array();
      text.lines().filter(line -> !line.isBlank()).forEach(line -> events.add(Json.parse(line)));
      return events;
    }
    if (response.headers().getOrDefault("content-type", "").startsWith("application/yaml")) {
      return Yaml.parse(text); // the order of fields means nothing
    }
    return text.startsWith("{") ? Json.parse(text) : Json.tree(text);
  }

  private static void keep(JsonNode wanted, JsonNode body, Map<String, String> known) {
    if (wanted instanceof ObjectNode places) {
      places
          .properties()
          .forEach(
              each -> known.put(each.getKey(), body.at(each.getValue().asString("")).asString("")));
    }
  }
}
