package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Yaml;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// Answers as YAML, for people: what was to be sent as JSON is written anew, so it is bounded.
final class YamlAnswers {
  static final String MEDIA_TYPE = "application/yaml";

  /// Most bytes of JSON that are written as YAML.
  static final int BYTES_MAX = 8 * 1024 * 1024;

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private YamlAnswers() {}

  /// @throws ApiError NotAcceptable when the answer is larger, or a watch
  static Service.Reply apply(Transport.Request request, Service.Reply reply) {
    if (!Media.wantsYaml(request.headers().getOrDefault("accept", ""))) {
      return reply;
    }
    return switch (reply) {
      case Service.Reply.Full(var response)
          when Replies.JSON.equals(response.headers().get("content-type")) ->
          yaml(response.status(), response.headers(), response.body());
      case Service.Reply.Full full -> full;
      case Service.Reply.Streaming stream -> {
        try (var feed = stream.feed()) {
          if (!(feed instanceof Gzip.Listed)) {
            throw refused("a watch is");
          }
          yield yaml(stream.status(), stream.headers(), collected(feed));
        }
      }
    };
  }

  private static byte[] collected(Service.Feed feed) {
    var all = new ByteArrayOutputStream();
    while (!feed.ended()) {
      var piece = feed.next(PATIENCE);
      if (piece != null) {
        all.writeBytes(piece);
      }
      if (all.size() > BYTES_MAX) {
        throw refused("more than " + BYTES_MAX + " bytes are");
      }
    }
    return all.toByteArray();
  }

  private static ApiError refused(String what) {
    return ApiError.notAcceptable(what + " not sent as YAML; ask for application/json");
  }

  private static Service.Reply yaml(int status, Map<String, String> headers, byte[] json) {
    var told = new TreeMap<>(headers);
    told.put("content-type", MEDIA_TYPE);
    var text = Yaml.write(Json.parse(json));
    return Service.Reply.full(status, told, text.getBytes(StandardCharsets.UTF_8));
  }
}
