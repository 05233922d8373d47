package io.nave.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One observed fact about an object, as `metav1.Condition`.
///
/// @param status `True`, `False` or `Unknown`
/// @param reason CamelCase, for programs; part of the contract
/// @param lastTransitionTime when `status` last changed
public record Condition(
    String type,
    String status,
    String reason,
    @JsonInclude(JsonInclude.Include.ALWAYS) String message,
    @Nullable Instant lastTransitionTime,
    @Nullable Long observedGeneration) {

  public Condition {
    message = Absent.toEmpty(message);
    reason = Absent.toEmpty(reason);
  }

  /// A condition with its time left open; [#merge] fills it in.
  public static Condition of(String type, boolean status, String reason, String message) {
    return of(type, status ? "True" : "False", reason, message);
  }

  /// As above, with any of the three statuses.
  public static Condition of(String type, String status, String reason, String message) {
    return new Condition(type, status, reason, message, null, null);
  }

  public Condition observed(long generation) {
    return new Condition(type, status, reason, message, lastTransitionTime, generation);
  }

  @JsonIgnore // else it counts as a property of the bean and travels as "true"
  public boolean isTrue() {
    return status.equals("True");
  }

  /// The condition of that type, if any.
  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
  }

  /// Whether the condition of that type is there and True.
  public static boolean isTrue(List<Condition> conditions, String type) {
    return find(conditions, type).filter(Condition::isTrue).isPresent();
  }

  /// `present` with `next` put in its type's place, or at the end. The transition time stays unless
  /// the status changed; what only repeats the present leaves the list equal.
  public static List<Condition> merge(List<Condition> present, Condition next, Instant now) {
    var merged = new ArrayList<Condition>(present.size() + 1);
    var placed = false;
    for (var old : present) {
      if (old.type().equals(next.type())) {
        var since = old.status().equals(next.status()) ? old.lastTransitionTime() : null;
        merged.add(next.since(since == null ? now : since));
        placed = true;
      } else {
        merged.add(old);
      }
    }
    if (!placed) {
      merged.add(next.since(now));
    }
    return List.copyOf(merged);
  }

  private Condition since(Instant time) {
    return new Condition(
        type,
        status,
        reason,
        message,
        Instant.ofEpochSecond(time.getEpochSecond()),
        observedGeneration);
  }
}
