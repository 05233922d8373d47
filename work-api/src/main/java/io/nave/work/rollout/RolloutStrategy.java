package io.nave.work.rollout;

import io.nave.api.Absent;
import io.nave.api.schema.Default;
import io.nave.api.schema.Doc;
import io.nave.api.schema.IntOrString;
import io.nave.api.schema.OneOf;
import io.nave.api.schema.Pattern;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How something new comes to the clusters of a Placement (spec/ocm-behaviour.md §2.11).
///
/// @param type which of the three parts counts; the others are kept and ignored
public record RolloutStrategy(
    @Default("\"All\"") @OneOf({"All", "Progressive", "ProgressivePerGroup"}) @Nullable String type,
    @Nullable All all,
    @Nullable Progressive progressive,
    @Nullable ProgressivePerGroup progressivePerGroup) {
  static final String LIMIT = "^((100|[0-9]{1,2})%|[0-9]+)$";
  static final String DEADLINE = "^(([0-9])+[h|m|s])|None$";

  /// Every cluster at once, without end of patience.
  public static RolloutStrategy atOnce() {
    return new RolloutStrategy("All", null, null, null);
  }

  /// Every cluster at once.
  public record All(
      @Default("\"0\"") @Nullable String minSuccessTime,
      @Default("\"None\"") @Pattern(DEADLINE) @Nullable String progressDeadline,
      @Default("0") @IntOrString @Nullable JsonNode maxFailures) {}

  /// A few clusters at a time.
  public record Progressive(
      @Doc("Groups that go first, each whole and without a failure.")
          List<DecisionGroup> mandatoryDecisionGroups,
      @Doc("Most clusters under way at once, a number or a percentage; absent: all.") @IntOrString
          @Nullable JsonNode maxConcurrency,
      @Default("\"0\"") @Nullable String minSuccessTime,
      @Default("\"None\"") @Pattern(DEADLINE) @Nullable String progressDeadline,
      @Default("0") @IntOrString @Nullable JsonNode maxFailures) {
    public Progressive {
      mandatoryDecisionGroups = Absent.toEmpty(mandatoryDecisionGroups);
    }
  }

  /// One decision group after the other.
  public record ProgressivePerGroup(
      @Doc("Groups that go first, each whole and without a failure.")
          List<DecisionGroup> mandatoryDecisionGroups,
      @Default("\"0\"") @Nullable String minSuccessTime,
      @Default("\"None\"") @Pattern(DEADLINE) @Nullable String progressDeadline,
      @Default("0") @IntOrString @Nullable JsonNode maxFailures) {
    public ProgressivePerGroup {
      mandatoryDecisionGroups = Absent.toEmpty(mandatoryDecisionGroups);
    }
  }

  /// A group by its name, or by its index when it has none.
  public record DecisionGroup(@Nullable String groupName, @Nullable Integer groupIndex) {}
}
