package io.nave.apiserver.http;

import io.nave.api.ApiError;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The query of a request, decoded. Of a repeated parameter the first value counts, except where
/// [#all] is asked.
final class Query {
  private final Map<String, List<String>> values;

  private Query(Map<String, List<String>> values) {
    this.values = values;
  }

  /// @param text what follows the `?`; may be empty
  /// @throws ApiError BadRequest when an escape is broken
  static Query parse(String text) {
    var values = new LinkedHashMap<String, List<String>>();
    for (var pair : text.split("&")) {
      if (!pair.isEmpty()) {
        var equal = pair.indexOf('=');
        var name = decode(equal < 0 ? pair : pair.substring(0, equal));
        var value = equal < 0 ? "" : decode(pair.substring(equal + 1));
        values.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
      }
    }
    return new Query(values);
  }

  /// The value, or empty when it is absent.
  String text(String name) {
    var all = all(name);
    return all.isEmpty() ? "" : all.getFirst();
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /// Every parameter with its values.
  Map<String, List<String>> all() {
    return values;
  }

  List<String> all(String name) {
    return values.getOrDefault(name, List.of());
  }

  /// Go's reading in Kubernetes: present and not `false` or `0` is true.
  boolean flag(String name) {
    if (!has(name)) {
      return false;
    }
    var value = text(name).toLowerCase(Locale.ROOT);
    return !value.equals("false") && !value.equals("0");
  }

  /// A whole number, 0 when absent or, as in Kubernetes, negative.
  ///
  /// @throws ApiError BadRequest when it is none
  int number(String name) {
    var value = text(name);
    if (value.isEmpty()) {
      return 0;
    }
    try {
      return Math.clamp(Long.parseLong(value), 0, Integer.MAX_VALUE);
    } catch (NumberFormatException e) {
      throw ApiError.badRequest(
          "query parameter " + name + ": expected a whole number; found " + value);
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiError.badRequest("the query holds a broken escape: " + text);
    }
  }
}
