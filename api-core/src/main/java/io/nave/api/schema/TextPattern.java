package io.nave.api.schema;

import java.util.regex.Pattern;

/// A regular expression of a schema, which Kubernetes reads as RE2, on `java.util.regex`.
///
/// Two things differ and are bridged here. RE2 never backtracks: here the work is bounded, and what
/// exceeds it counts as no match. And a few forms are written otherwise (see [#translate]).
final class TextPattern {
  /// Longest text that is looked at.
  static final int LENGTH_MAX = 10_000;

  /// Characters read while matching one text: 100 passes over the longest.
  static final int STEPS_MAX = 1_000_000;

  private final String source;
  private final Pattern pattern;

  private TextPattern(String source, Pattern pattern) {
    this.source = source;
    this.pattern = pattern;
  }

  /// @throws java.util.regex.PatternSyntaxException when it is none
  static TextPattern of(String source) {
    return new TextPattern(source, Pattern.compile(translate(source)));
  }

  String source() {
    return source;
  }

  boolean isIn(String text) {
    if (text.length() > LENGTH_MAX) {
      return false;
    }
    try {
      return pattern.matcher(new Metered(text)).find();
    } catch (StepsExceeded | StackOverflowError e) {
      return false;
    }
  }

  /// RE2 to Java: `$` is the very end of the text, `(?P<n>` a named group, `[` plain within
  /// brackets but for classes such as `[:alpha:]`, and `&&` there has no meaning.
  static String translate(String re2) {
    var java = new StringBuilder();
    var bracket = -1; // where the open bracket expression began
    for (var i = 0; i < re2.length(); i++) {
      var c = re2.charAt(i);
      if (c == '\\' && i + 1 < re2.length()) {
        java.append(c).append(re2.charAt(++i));
      } else if (bracket < 0) {
        bracket = c == '[' ? i : -1;
        if (re2.startsWith("(?P<", i)) {
          java.append("(?<");
          i += 3;
        } else {
          java.append(c == '$' ? "\\z" : c);
        }
      } else if (c == '[' && re2.startsWith("[:", i) && re2.indexOf(":]", i) > 0) {
        java.append(posix(re2.substring(i + 2, re2.indexOf(":]", i))));
        i = re2.indexOf(":]", i) + 1;
      } else if (c == ']' && i > bracket + (re2.startsWith("[^", bracket) ? 2 : 1)) {
        bracket = -1;
        java.append(c);
      } else {
        java.append(c == '[' || c == '&' || c == ']' ? "\\" : "").append(c);
      }
    }
    return java.toString();
  }

  private static String posix(String name) {
    var negated = name.startsWith("^");
    var bare = negated ? name.substring(1) : name;
    var property =
        switch (bare) {
          case "xdigit" -> "XDigit";
          case "word" -> "Alnum}_\\p{Alnum";
          default ->
              bare.isEmpty() ? "?" : Character.toUpperCase(bare.charAt(0)) + bare.substring(1);
        };
    return (negated ? "\\P{" : "\\p{") + property + "}";
  }

  private static final class StepsExceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StepsExceeded() {
      super("too many steps", null, false, false);
    }
  }

  /// A text that lets itself be read only so often.
  private static final class Metered implements CharSequence {
    private final String text;
    private int steps;

    Metered(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      if (++steps > STEPS_MAX) {
        throw new StepsExceeded();
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
