package io.nave.applications.workflow;

import io.nave.applications.api.WorkflowStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Executes workflows, one pass at a time (spec §11). Pure.
///
/// A pass does all that can be done now. Steps one after the other: it walks on until one is not
/// finished. As a graph: it starts everything whose dependencies are finished, and looks again when
/// one finishes. What a pass found out is in the status it returns, and nowhere else: the next pass
/// may run in another process, years later, and executes no finished step again.
public final class Engine {
  private Engine() {}

  /// What a run is executed with.
  ///
  /// @param revision what is executed; another one than that of the status starts a new run
  /// @param context what expressions find under `context`
  /// @param further values that others than steps publish, such as components
  /// @param publishers names of values that others than steps may publish
  public record Surroundings(
      String revision,
      ObjectNode context,
      Further further,
      Set<String> publishers,
      StepAction action,
      Instant now) {}

  /// Published values that do not come from steps.
  @FunctionalInterface
  public interface Further {
    Optional<JsonNode> value(String name);
  }

  /// How far it got.
  ///
  /// @param again latest time to look again; null: when something changes
  public record Result(WorkflowStatus status, @Nullable Instant again) {}

  /// One pass.
  ///
  /// @param before as the last pass left it; [WorkflowStatus#none] for the first
  public static Result pass(Plan plan, WorkflowStatus before, Surroundings with) {
    if (before.finished()) {
      return new Result(before, null);
    }
    return new Pass(plan, before, with).result();
  }
}
