package io.nave.api;

import io.nave.api.JsonPaths.Operand;
import io.nave.api.JsonPaths.Step;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.LongNode;
import tools.jackson.databind.node.StringNode;

/// Reads the text of one JSON path, from left to right.
final class JsonPathParser {
  private static final List<String> OPERATORS = List.of("==", "!=", "<=", ">=", "<", ">");

  private final String text;
  private int end;
  private int at;

  JsonPathParser(String text) {
    this.text = text;
    end = text.length();
  }

  List<Step> steps() {
    trim();
    if (next() == '{') {
      if (text.charAt(end - 1) != '}') {
        throw fault(end, "the closing } is missing");
      }
      at++;
      end--;
      trim();
    }
    if (next() == '$' || next() == '@') {
      at++;
    }
    var steps = new ArrayList<Step>();
    if (at < end && next() != '.' && next() != '[') {
      steps.add(new Step.Field(name()));
    }
    steps.addAll(chain());
    if (at < end) {
      throw fault(at, "\"" + text.charAt(at) + "\" is not expected here");
    }
    return List.copyOf(steps);
  }

  private void trim() {
    skipSpaces();
    while (end > at && text.charAt(end - 1) == ' ') {
      end--;
    }
  }

  /// Steps as long as there are any.
  private List<Step> chain() {
    var steps = new ArrayList<Step>();
    while (next() == '.' || next() == '[') {
      if (next() == '[') {
        steps.add(bracket());
        continue;
      }
      at++;
      if (next() == '.') {
        at++;
        steps.add(new Step.Descend());
        if (next() == '[') {
          continue;
        }
      }
      if (next() == '*') {
        at++;
        steps.add(new Step.All());
      } else if (next() != '[' && (at < end || !steps.isEmpty())) {
        steps.add(new Step.Field(name()));
      }
    }
    return steps;
  }

  private String name() {
    var name = new StringBuilder();
    while (at < end && ".[] ()=!<>{}'\"$@*,?&|".indexOf(next()) < 0) {
      if (next() == '\\' && at + 1 < end) {
        at++;
      }
      name.append(next());
      at++;
    }
    if (name.isEmpty()) {
      throw fault(at, "a field name is expected");
    }
    return name.toString();
  }

  private Step bracket() {
    expect('[');
    var steps = new ArrayList<Step>();
    steps.add(selector());
    while (next() == ',') {
      at++;
      steps.add(selector());
    }
    expect(']');
    return steps.size() == 1 ? steps.getFirst() : new Step.Union(List.copyOf(steps));
  }

  /// What stands between brackets and commas.
  private Step selector() {
    skipSpaces();
    var step =
        switch (next()) {
          case '\'', '"' -> new Step.Field(quoted());
          case '*' -> {
            at++;
            yield new Step.All();
          }
          case '?' -> filter();
          default -> position();
        };
    skipSpaces();
    return step;
  }

  private Step position() {
    var begin = next() == ':' ? 0 : integer();
    skipSpaces();
    if (next() != ':') {
      return new Step.Index(begin);
    }
    at++;
    skipSpaces();
    Integer stop = next() == ']' || next() == ':' || next() == ',' ? null : (Integer) integer();
    skipSpaces();
    return new Step.Slice(begin, stop, next() == ':' ? width() : 1);
  }

  private int width() {
    at++;
    skipSpaces();
    var from = at;
    var width = integer();
    if (width < 1) {
      throw fault(from, "the step width of a slice must be at least 1");
    }
    return width;
  }

  private int integer() {
    var from = at;
    if (next() == '-') {
      at++;
    }
    while (isDigit(next())) {
      at++;
    }
    try {
      return Integer.parseInt(text, from, at, 10);
    } catch (NumberFormatException e) {
      throw fault(from, "an index, a quoted name, * or ?(...) is expected");
    }
  }

  private Step filter() {
    expect('?');
    expect('(');
    var left = operand();
    skipSpaces();
    for (var operator : OPERATORS) {
      if (text.startsWith(operator, at)) {
        at += operator.length();
        var right = operand();
        skipSpaces();
        refuseJunction();
        expect(')');
        return new Step.Filter(left, operator, right);
      }
    }
    refuseJunction();
    expect(')');
    return new Step.Filter(left, "", left);
  }

  private void refuseJunction() {
    if (next() == '&' || next() == '|') {
      throw fault(at, "&& and || are not supported");
    }
  }

  private Operand operand() {
    skipSpaces();
    var c = next();
    if (c == '@') {
      at++;
      return new Operand.Relative(chain());
    }
    if (c == '\'' || c == '"') {
      return new Operand.Constant(StringNode.valueOf(quoted()));
    }
    if (isDigit(c) || c == '-') {
      return number();
    }
    for (var word : List.of("true", "false")) {
      if (text.startsWith(word, at)) {
        at += word.length();
        return new Operand.Constant(BooleanNode.valueOf(word.equals("true")));
      }
    }
    throw fault(at, "@, a quoted text, a number, true or false is expected");
  }

  private Operand number() {
    var from = at++;
    while (isDigit(next()) || (at < end && "+-.eE".indexOf(next()) >= 0)) {
      at++;
    }
    var digits = text.substring(from, at);
    try {
      return new Operand.Constant(
          digits.matches("-?[0-9]{1,18}")
              ? LongNode.valueOf(Long.parseLong(digits))
              : DoubleNode.valueOf(Double.parseDouble(digits)));
    } catch (NumberFormatException e) {
      throw fault(from, "\"" + digits + "\" is not a number");
    }
  }

  private String quoted() {
    var quote = next();
    var from = at++;
    var content = new StringBuilder();
    while (at < end && next() != quote) {
      if (next() == '\\' && at + 1 < end) {
        at++;
      }
      content.append(next());
      at++;
    }
    if (at >= end) {
      throw fault(from, "the closing " + quote + " is missing");
    }
    at++;
    return content.toString();
  }

  private void expect(char c) {
    if (next() != c) {
      throw fault(at, "\"" + c + "\" is expected");
    }
    at++;
  }

  private void skipSpaces() {
    while (next() == ' ') {
      at++;
    }
  }

  /// The next character, or 0 at the end.
  private char next() {
    return at < end ? text.charAt(at) : '\0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private ApiError fault(int place, String what) {
    return ApiError.badRequest("JSON path \"%s\", column %d: %s".formatted(text, place + 1, what));
  }
}
