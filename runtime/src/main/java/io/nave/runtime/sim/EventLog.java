package io.nave.runtime.sim;

/// What happened, one line each: virtual seconds, host, event. Beyond a bound lines are only
/// counted and summed up in a digest, so that two runs can still be told apart.
final class EventLog {
  private static final int CHARS_MAX = 64 << 20;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final StringBuilder text = new StringBuilder();
  private long dropped;
  private long digest = FNV_OFFSET;

  void add(long nanos, String host, String event) {
    var line = time(nanos) + " " + host + " " + event.replace('\n', ' ') + "\n";
    if (text.length() + line.length() <= CHARS_MAX) {
      text.append(line);
      return;
    }
    dropped++;
    for (int i = 0; i < line.length(); i++) {
      digest = (digest ^ line.charAt(i)) * FNV_PRIME;
    }
  }

  String text() {
    return dropped == 0
        ? text.toString()
        : text + "and " + dropped + " more lines, digest " + Long.toHexString(digest) + "\n";
  }

  /// The last lines of what is kept.
  String tail(int lines) {
    int from = text.length() - 1;
    for (int i = 0; i < lines && from > 0; i++) {
      from = text.lastIndexOf("\n", from - 1);
    }
    return text.substring(Math.max(0, from + 1));
  }

  /// Virtual time as seconds with nine decimals.
  static String time(long nanos) {
    var fraction = Long.toString(nanos % 1_000_000_000L);
    return nanos / 1_000_000_000L + "." + "0".repeat(9 - fraction.length()) + fraction;
  }
}
