package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Builds answers.
final class Replies {
  static final String JSON = "application/json";

  /// As in Kubernetes; more is cut, so that warnings never crowd out the answer.
  private static final int WARNINGS_CHARS_MAX = 4096;

  private Replies() {}

  static Service.Reply json(int status, byte[] body) {
    return Service.Reply.full(status, headers(JSON), body);
  }

  /// @param object as it is sent
  static Service.Reply object(int status, byte[] object, List<String> warnings) {
    var headers = headers(JSON);
    var text = warningHeader(warnings);
    if (!text.isEmpty()) {
      headers.put("warning", text);
    }
    return Service.Reply.full(status, headers, object);
  }

  /// The same answer with one header more, or another value of it.
  static Service.Reply with(Service.Reply reply, String header, String value) {
    return switch (reply) {
      case Service.Reply.Full(var response) -> {
        var headers = new TreeMap<>(response.headers());
        headers.put(header, value);
        yield Service.Reply.full(response.status(), headers, response.body());
      }
      case Service.Reply.Streaming streaming -> {
        var headers = new TreeMap<>(streaming.headers());
        headers.put(header, value);
        yield new Service.Reply.Streaming(streaming.status(), headers, streaming.feed());
      }
    };
  }

  static Service.Reply bytes(int status, String contentType, byte[] body) {
    return Service.Reply.full(status, headers(contentType), body);
  }

  static Service.Reply text(int status, String contentType, String body) {
    var headers = headers(contentType);
    headers.put("x-content-type-options", "nosniff");
    return Service.Reply.full(status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  static Service.Reply error(ApiError error) {
    var headers = headers(JSON);
    if (error.retryAfterSeconds() > 0) {
      headers.put("retry-after", Integer.toString(error.retryAfterSeconds()));
    }
    var code = error.code() == 0 ? 500 : error.code();
    return Service.Reply.full(code, headers, Json.encode(error.toStatus()));
  }

  static Service.Reply stream(Service.Feed feed) {
    return new Service.Reply.Streaming(200, headers(JSON), feed);
  }

  static int status(Service.Reply reply) {
    return switch (reply) {
      case Service.Reply.Full(var response) -> response.status();
      case Service.Reply.Streaming streaming -> streaming.status();
    };
  }

  /// The same head without the body, as `HEAD` wants it.
  static Service.Reply headOnly(Service.Reply reply) {
    return switch (reply) {
      case Service.Reply.Full(var response) ->
          new Service.Reply.Full(
              new Transport.Response(response.status(), response.headers(), new byte[0]));
      case Service.Reply.Streaming streaming -> {
        streaming.feed().close();
        yield Service.Reply.full(streaming.status(), streaming.headers(), new byte[0]);
      }
    };
  }

  /// What every answer says: whoever keeps it asks before showing it again.
  static Map<String, String> headers(String contentType) {
    var headers = new TreeMap<String, String>();
    headers.put("cache-control", "no-cache, private");
    headers.put("content-type", contentType);
    return headers;
  }

  private static String warningHeader(List<String> warnings) {
    var text = new StringBuilder();
    for (var warning : warnings) {
      var quoted = "299 - \"" + quote(warning) + "\"";
      if (text.length() + quoted.length() <= WARNINGS_CHARS_MAX) {
        text.append(text.isEmpty() ? "" : ", ").append(quoted);
      }
    }
    return text.toString();
  }

  /// A quoted-string of RFC 9110, without what would break the header line.
  private static String quote(String warning) {
    var text = new StringBuilder();
    for (var i = 0; i < warning.length(); i++) {
      var c = warning.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\');
      }
      text.append(c < ' ' || c > '~' ? ' ' : c);
    }
    return text.toString();
  }
}
