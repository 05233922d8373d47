package io.nave.controllers;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.runtime.Host;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/// What kinds a server has, as the server says. Answers are kept; a kind that is missing is asked
/// for again, but not more often than every few seconds, so that a kind created later is found.
public final class Discovery {
  /// How old a "no such kind" may be.
  static final Duration MISS_AGE_MAX = Duration.ofSeconds(5);

  /// How old any answer may be.
  static final Duration AGE_MAX = Duration.ofMinutes(10);

  private record Known(Map<String, ResourceType> byKind, long readNanos) {}

  private final Host host;
  private final Transport transport;
  private final Map<String, Known> known =
      new ConcurrentHashMap<>(); // by apiVersion; looked up only

  public Discovery(Host host, Transport transport) {
    this.host = host;
    this.transport = transport;
  }

  /// The type of a kind.
  ///
  /// @param apiVersion `group/version`, or the version alone for the core group
  /// @return empty when the server answered and has no such kind
  /// @throws Transport.Unreachable when it did not answer
  /// @throws ApiError when it refused to say
  public Optional<ResourceType> find(String apiVersion, String kind) {
    var answer = known.get(apiVersion);
    if (answer != null) {
      var found = answer.byKind().get(kind);
      var age = host.nanoTime() - answer.readNanos();
      if (age < (found == null ? MISS_AGE_MAX : AGE_MAX).toNanos()) {
        return Optional.ofNullable(found);
      }
    }
    var fresh = new Known(read(apiVersion), host.nanoTime());
    known.put(apiVersion, fresh);
    return Optional.ofNullable(fresh.byKind().get(kind));
  }

  /// The server's version, such as `v1.36.0`; empty when it does not say.
  public String serverVersion() {
    return get("/version").path("gitVersion").asString("");
  }

  /// As [#serverVersion], of a server that says it is alive: by `/livez`, or by `/healthz` where it
  /// has or shows only that; one that shows neither is asked for its version alone.
  ///
  /// @throws Transport.Unreachable when it did not answer
  /// @throws ApiError when it is not well, as one whose store is away, though it knows its version
  public String aliveVersion() {
    for (var path : List.of("/livez", "/healthz")) {
      var answer = transport.send(new Transport.Request("GET", path, Map.of(), new byte[0]));
      if (answer.status() != 403 && answer.status() != 404) {
        Answers.body(answer);
        break;
      }
    }
    return serverVersion();
  }

  private Map<String, ResourceType> read(String apiVersion) {
    if (!apiVersion.matches("([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[a-z0-9]+")) {
      return Map.of(); // no server has it
    }
    var parts = apiVersion.split("/", -1);
    var group = parts.length == 2 ? parts[0] : "";
    JsonNode list;
    try {
      list = get((group.isEmpty() ? "/api/" : "/apis/") + apiVersion);
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.NOT_FOUND)) {
        return Map.of();
      }
      throw e;
    }
    return types(group, parts[parts.length - 1], list.path("resources"));
  }

  private static Map<String, ResourceType> types(String group, String version, JsonNode resources) {
    var types = new HashMap<String, ResourceType>();
    for (var resource : resources) {
      var plural = resource.path("name").asString("");
      if (!plural.isEmpty() && !plural.contains("/")) {
        var kind = resource.path("kind").asString("");
        types.putIfAbsent(kind, type(group, version, kind, plural, resource, resources));
      }
    }
    return types;
  }

  private static ResourceType type(
      String group,
      String version,
      String kind,
      String plural,
      JsonNode resource,
      JsonNode resources) {
    var status = false;
    for (var other : resources) {
      status |= other.path("name").asString("").equals(plural + "/status");
    }
    return new ResourceType(
        group,
        version,
        kind,
        plural,
        texts(resource.path("shortNames")),
        texts(resource.path("categories")),
        resource.path("namespaced").asBoolean(false),
        status,
        List.of());
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    for (var text : array) {
      texts.add(text.asString(""));
    }
    return texts;
  }

  private JsonNode get(String target) {
    var headers = Map.of("accept", "application/json");
    return Json.parseObject(
        Answers.body(transport.send(new Transport.Request("GET", target, headers, new byte[0]))));
  }
}
