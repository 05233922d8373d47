package io.nave.apiserver.http;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.audit.AuditSink;
import io.nave.apiserver.authn.Authentication;
import io.nave.apiserver.authn.StaticTokens;
import io.nave.runtime.Service;
import io.nave.runtime.Service.Reply;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// A front door on a [FakeApi], and what tests say to it.
final class Door {
  final StillHost host = new StillHost();
  final FakeApi api = new FakeApi(host);
  final FrontDoor door;

  Door() {
    this(new FrontDoor.Settings("v1.31.0+nave", 100, 12), Health.good());
  }

  Door(FrontDoor.Settings settings, Health health) {
    this.door = open(settings, health, api, host);
  }

  static FrontDoor open(
      FrontDoor.Settings settings, Health health, Api api, io.nave.runtime.Host host) {
    return open(settings, health, api, host, AuditSink.logger());
  }

  static FrontDoor open(
      FrontDoor.Settings settings,
      Health health,
      Api api,
      io.nave.runtime.Host host,
      AuditSink audit) {
    var tokens =
        new StaticTokens(
            Map.of(
                "admin-token", Caller.of("admin", Caller.MASTERS),
                "stranger-token", Caller.of("stranger")));
    var registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    return new FrontDoor(
        settings,
        api,
        new Authentication(tokens),
        health,
        new ApiMetrics(registry),
        host,
        Map.of(),
        audit);
  }

  /// A request of the administrator.
  Reply ask(String method, String target, Map<String, String> headers, String body) {
    var all = new TreeMap<>(headers);
    all.putIfAbsent("authorization", "Bearer admin-token");
    return raw(method, target, all, body.getBytes(StandardCharsets.UTF_8));
  }

  Reply raw(String method, String target, Map<String, String> headers, byte[] body) {
    return door.handle(
        new Transport.Request(method, target, headers, body),
        new Service.Peer(List.of(), "10.0.0.9:1234"));
  }

  Reply get(String target) {
    return ask("GET", target, Map.of(), "");
  }

  Reply get(String target, String accept) {
    return ask("GET", target, Map.of("accept", accept), "");
  }

  Reply send(String method, String target, String body) {
    return ask(method, target, FakeApi.json(), body);
  }

  static int status(Reply reply) {
    return Replies.status(reply);
  }

  static Map<String, String> headers(Reply reply) {
    return switch (reply) {
      case Reply.Full(var response) -> response.headers();
      case Reply.Streaming streaming -> streaming.headers();
    };
  }

  /// The whole body; a stream is read to its end.
  static String text(Reply reply) {
    return switch (reply) {
      case Reply.Full(var response) -> new String(response.body(), StandardCharsets.UTF_8);
      case Reply.Streaming streaming -> drain(streaming.feed());
    };
  }

  static JsonNode json(Reply reply) {
    return Json.parse(text(reply));
  }

  static String message(Reply reply) {
    return json(reply).path("message").asString("");
  }

  static String drain(Service.Feed feed) {
    var text = new StringBuilder();
    while (!feed.ended()) {
      var bytes = feed.next(java.time.Duration.ofSeconds(10));
      if (bytes != null) {
        text.append(new String(bytes, StandardCharsets.UTF_8));
      }
    }
    feed.close();
    return text.toString();
  }
}
