package io.nave.placement.schedule;

/// A number, or a percentage of something, rounded up.
final class Share {
  private Share() {}

  /// @param text such as `3` or `25%`, as the schema and [Compiler] let it through
  static int of(String text, int all) {
    return text.endsWith("%")
        ? (int) Math.ceilDiv(Long.parseLong(text.substring(0, text.length() - 1)) * all, 100)
        : Integer.parseInt(text);
  }
}
