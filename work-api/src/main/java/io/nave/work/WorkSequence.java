package io.nave.work;

import io.nave.api.ApiObject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The number that a hub gives to each change of a work's spec. It grows from change to change of
/// all works of a cluster, also across a hub that was restored from a backup, because it follows
/// the clock: milliseconds since 1970, or one more than before when the clock stands or goes back.
///
/// An agent refuses a state with a lower number than the one it applied.
public final class WorkSequence {
  public static final String ANNOTATION = "work.nave.io/sequence";

  private WorkSequence() {}

  /// The number of a work; 0 when it has none.
  public static long of(ApiObject work) {
    var text = work.annotations().getOrDefault(ANNOTATION, "");
    try {
      return text.isEmpty() ? 0 : Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// The work with the number it is to be stored with.
  ///
  /// @param old the stored state; null when it is new
  public static ApiObject stamp(@Nullable ApiObject old, ApiObject next, Instant now) {
    long before = old == null ? 0 : of(old);
    long number =
        old != null && before > 0 && old.spec().equals(next.spec())
            ? before
            : Math.max(now.toEpochMilli(), before + 1);
    return of(next) == number
        ? next
        : next.editMeta(
            meta -> meta.withObjectProperty("annotations").put(ANNOTATION, String.valueOf(number)));
  }
}
