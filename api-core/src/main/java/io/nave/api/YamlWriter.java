package io.nave.api;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes block style as kubectl does: lists at the indentation of their key, quotes only where a
/// reader would take the text for something else, texts of several lines as `|`.
final class YamlWriter {
  private static final String INDICATORS = ",[]{}#&*!|>'\"%@`";
  private static final Pattern TRAILING_SPACE = Pattern.compile("[ \t](\n|$)");

  private final StringBuilder out = new StringBuilder();

  String write(JsonNode value) {
    if (value.isContainer() && !value.isEmpty()) {
      block(value, 0);
    } else {
      scalar(value, 0);
      out.append('\n');
    }
    return out.toString();
  }

  /// The value's lines; the first one's indentation is written already.
  private void block(JsonNode value, int indent) {
    var first = true;
    if (value instanceof ObjectNode object) {
      for (var entry : object.properties()) {
        indent(first ? 0 : indent);
        out.append(key(entry.getKey())).append(':');
        member(entry.getValue(), indent);
        first = false;
      }
    } else {
      for (var element : value) {
        indent(first ? 0 : indent);
        out.append('-');
        element(element, indent);
        first = false;
      }
    }
  }

  private void member(JsonNode value, int indent) {
    if (value.isContainer() && !value.isEmpty()) {
      var inner = value instanceof ArrayNode ? indent : indent + 2;
      out.append('\n');
      indent(inner);
      block(value, inner);
    } else {
      out.append(' ');
      scalar(value, indent);
      out.append('\n');
    }
  }

  private void element(JsonNode value, int indent) {
    out.append(' ');
    if (value.isContainer() && !value.isEmpty()) {
      block(value, indent + 2);
    } else {
      scalar(value, indent);
      out.append('\n');
    }
  }

  private void scalar(JsonNode value, int indent) {
    if (value.isString() && isBlockText(value.stringValue())) {
      literal(value.stringValue(), indent + 2);
    } else if (value.isString()) {
      out.append(text(value.stringValue()));
    } else {
      out.append(Json.text(value));
    }
  }

  private static String key(String key) {
    return text(key);
  }

  private static String text(String text) {
    if (!isPrintable(text) || text.indexOf('\n') >= 0) {
      return doubleQuoted(text);
    }
    if (!YamlScalars.staysText(text)) {
      return doubleQuoted(text);
    }
    return isPlain(text) ? text : "'" + text.replace("'", "''") + "'";
  }

  private static boolean isPlain(String text) {
    var first = text.charAt(0);
    if (INDICATORS.indexOf(first) >= 0 || first == ' ' || text.endsWith(" ")) {
      return false;
    }
    if ("-?:".indexOf(first) >= 0 && (text.length() == 1 || text.charAt(1) == ' ')) {
      return false;
    }
    return !text.startsWith("---")
        && !text.startsWith("...")
        && !text.contains(": ")
        && !text.endsWith(":")
        && !text.contains(" #");
  }

  /// Whether `|` can hold it: several lines, all printable, none ending in a space.
  private static boolean isBlockText(String text) {
    return text.indexOf('\n') >= 0
        && !text.isBlank()
        && isPrintable(text)
        && !TRAILING_SPACE.matcher(text).find();
  }

  private void literal(String text, int indent) {
    out.append('|');
    if (text.startsWith(" ") || text.startsWith("\n")) {
      out.append('2');
    }
    if (!text.endsWith("\n")) {
      out.append('-');
    } else if (text.endsWith("\n\n")) {
      out.append('+');
    }
    var body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    for (var line : body.split("\n", -1)) {
      out.append('\n');
      if (!line.isEmpty()) {
        indent(indent);
        out.append(line);
      }
    }
  }

  private static boolean isPrintable(String text) {
    return text.codePoints()
        .allMatch(c ->
            c == '\n'
                || (c >= ' ' && c < 0x7f)
                || (c >= 0xa0 && c != 0x2028 && c != 0x2029 && c != 0xfeff && isCharacter(c)));
  }

  private static boolean isCharacter(int c) {
    return !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
        && (c & 0xfffe) != 0xfffe;
  }

  private static String doubleQuoted(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> escape(quoted, c));
    return quoted.append('"').toString();
  }

  private static void escape(StringBuilder quoted, int c) {
    switch (c) {
      case '"' -> quoted.append("\\\"");
      case '\\' -> quoted.append("\\\\");
      case '\n' -> quoted.append("\\n");
      case '\t' -> quoted.append("\\t");
      case '\r' -> quoted.append("\\r");
      default -> {
        if (isPrintable(Character.toString(c))) {
          quoted.appendCodePoint(c);
        } else {
          quoted.append(c > 0xffff ? "\\U%08x".formatted(c) : "\\u%04x".formatted(c));
        }
      }
    }
  }

  private void indent(int columns) {
    out.repeat(' ', columns);
  }
}
