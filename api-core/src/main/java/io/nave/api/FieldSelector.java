package io.nave.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// The text form of the fields of a [Selection], as Kubernetes reads it: `path=value`, `==` or `!=`
/// between commas; in values `,`, `=` and `\` stand behind a `\`.
record FieldSelector(Map<String, String> wanted, List<Selection.Unwanted> without) {
  /// @param text empty: no fields
  /// @throws ApiError BadRequest naming what cannot be read
  static FieldSelector parse(String text) {
    var wanted = new LinkedHashMap<String, String>();
    var without = new ArrayList<Selection.Unwanted>();
    for (var term : terms(text)) {
      if (!term.isEmpty()) {
        read(term, text, wanted, without);
      }
    }
    return new FieldSelector(Collections.unmodifiableMap(wanted), without);
  }

  /// The parts between commas that stand behind no `\`.
  private static List<String> terms(String text) {
    var terms = new ArrayList<String>();
    var start = 0;
    for (var i = 0; i < text.length(); i++) {
      switch (text.charAt(i)) {
        case '\\' -> i++;
        case ',' -> {
          terms.add(text.substring(start, i).strip());
          start = i + 1;
        }
        default -> {}
      }
    }
    terms.add(text.substring(Math.min(start, text.length())).strip());
    return terms;
  }

  private static void read(
      String term, String all, Map<String, String> wanted, List<Selection.Unwanted> without) {
    var equal = term.indexOf('=');
    var not = equal > 0 && term.charAt(equal - 1) == '!';
    var path = equal < 0 ? "" : term.substring(0, not ? equal - 1 : equal).strip();
    if (path.isEmpty() || path.endsWith("!")) {
      throw ApiError.badRequest("invalid selector: '" + all + "'; can't understand '" + term + "'");
    }
    var text = term.substring(equal + 1);
    var value = unescaped(!not && text.startsWith("=") ? text.substring(1) : text).strip();
    if (not) {
      without.add(new Selection.Unwanted(path, value));
    } else {
      wanted.put(path, value);
    }
  }

  private static String unescaped(String text) {
    var value = new StringBuilder();
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == ',' || c == '=') {
        throw ApiError.badRequest("invalid field selector: unescaped character in value: " + c);
      }
      if (c == '\\') {
        var rest = text.substring(i, Math.min(i + 2, text.length()));
        if (!rest.matches("\\\\[,=\\\\]")) {
          throw ApiError.badRequest("invalid field selector: invalid escape sequence: " + rest);
        }
        c = text.charAt(++i);
      }
      value.append(c);
    }
    return value.toString();
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
  }

  /// As `?fieldSelector=` takes it.
  String query() {
    var parts = new StringJoiner(",");
    wanted.forEach((path, value) -> parts.add(path + "=" + escaped(value)));
    without.forEach(field -> parts.add(field.path() + "!=" + escaped(field.value())));
    return parts.toString();
  }
}
