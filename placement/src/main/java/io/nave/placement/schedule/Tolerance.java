package io.nave.placement.schedule;

import io.nave.placement.api.Placement.Toleration;
import io.nave.registration.api.ManagedCluster.Taint;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Whether a Placement bears the taints of a cluster (spec §5.2), and until when.
///
/// Two rules are Nave's own, and about chosen clusters whose lease ended only: they are borne for
/// the grace of `spec.moves`, and for as long as most clusters are silent at once.
record Tolerance(boolean tolerated, @Nullable Instant until) {
  private static final Tolerance NO = new Tolerance(false, null);
  private static final Tolerance FOREVER = new Tolerance(true, null);

  /// @param held whether the cluster is chosen now
  /// @param silence whether so many clusters are silent that none is left for it
  static Tolerance of(Program program, ClusterRow row, boolean held, boolean silence, Instant now) {
    @Nullable Instant until = null;
    for (var taint : row.taints()) {
      var one = of(program, taint, held, silence, now);
      if (!one.tolerated()) {
        return NO;
      }
      until = earlier(until, one.until());
    }
    return until == null ? FOREVER : new Tolerance(true, until);
  }

  private static Tolerance of(
      Program program, Taint taint, boolean held, boolean silence, Instant now) {
    var free =
        switch (taint.effect()) {
          case "PreferNoSelect" -> true;
          case "NoSelectIfNew" -> held;
          default -> false;
        };
    if (free || (held && silence && taint.key().equals(ClusterRow.UNREACHABLE))) {
      return FOREVER;
    }
    @Nullable Instant until = null;
    for (var toleration : program.tolerations()) {
      if (fits(toleration, taint)) {
        var seconds = toleration.tolerationSeconds();
        if (seconds == null || taint.timeAdded() == null) {
          return FOREVER;
        }
        until = later(until, plus(taint.timeAdded(), seconds));
      }
    }
    var moves = program.moves();
    if (held
        && moves != null
        && moves.failoverGraceSeconds() != null
        && taint.timeAdded() != null
        && taint.key().equals(ClusterRow.UNREACHABLE)) {
      until = later(until, plus(taint.timeAdded(), moves.failoverGraceSeconds()));
    }
    return until != null && now.isBefore(until) ? new Tolerance(true, until) : NO;
  }

  private static boolean fits(Toleration toleration, Taint taint) {
    if (!empty(toleration.effect()) && !taint.effect().equals(toleration.effect())) {
      return false;
    }
    if (!empty(toleration.key()) && !taint.key().equals(toleration.key())) {
      return false;
    }
    return switch (orEmpty(toleration.operator())) {
      case "Exists" -> true;
      case "", "Equal" -> orEmpty(toleration.value()).equals(orEmpty(taint.value()));
      default -> false;
    };
  }

  /// A negative or a huge number of seconds is a time like any other.
  private static Instant plus(Instant time, long seconds) {
    var bound = 3_155_760_000L; // 100 years
    return time.plusSeconds(Math.clamp(seconds, -bound, bound));
  }

  static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    return a == null || (b != null && b.isBefore(a)) ? b : a;
  }

  private static Instant later(@Nullable Instant a, Instant b) {
    return a == null || a.isBefore(b) ? b : a;
  }

  private static boolean empty(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
