package io.nave.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;

/// Reads the times that objects carry: RFC 3339, as Kubernetes writes them.
///
/// Nearly all are whole seconds in UTC (`2006-01-02T15:04:05Z`) and several stand in each object,
/// so that form is read directly; every other one is left to [Instant#parse].
public final class Timestamps {
  private static final String FORM = "dddd-dd-ddTdd:dd:ddZ";

  private Timestamps() {}

  /// The time a text names.
  ///
  /// @throws DateTimeException when it names none
  public static Instant parse(String text) {
    if (!isPlain(text)) {
      return Instant.parse(text);
    }
    var hour = number(text, 11, 2);
    var minute = number(text, 14, 2);
    var second = number(text, 17, 2);
    if (hour > 23 || minute > 59 || second > 59) {
      return Instant.parse(text); // 24:00:00 and leap seconds are its business
    }
    var day = LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2)).toEpochDay();
    return Instant.ofEpochSecond(((day * 24 + hour) * 60 + minute) * 60 + second);
  }

  private static boolean isPlain(String text) {
    if (text.length() != FORM.length()) {
      return false;
    }
    for (var i = 0; i < FORM.length(); i++) {
      var wanted = FORM.charAt(i);
      var found = text.charAt(i);
      if (wanted == 'd' ? found < '0' || found > '9' : found != wanted) {
        return false;
      }
    }
    return true;
  }

  private static int number(String text, int from, int digits) {
    var value = 0;
    for (var i = from; i < from + digits; i++) {
      value = value * 10 + text.charAt(i) - '0';
    }
    return value;
  }
}
