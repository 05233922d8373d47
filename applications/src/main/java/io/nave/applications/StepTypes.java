package io.nave.applications;

import java.util.List;
import java.util.stream.Stream;

/// The types of workflow steps that this version executes, each by the action of its kind.
final class StepTypes {
  /// Deliver components; they mean nothing without an Application.
  static final List<String> DELIVERING = List.of("apply-component", Steps.DEPLOY);

  /// Deliver objects of their own.
  static final List<String> WRITING =
      List.of(
          "apply-deployment",
          "apply-object",
          "export-data",
          "export-service",
          "export2config",
          "export2secret");

  /// Deliver nothing.
  static final List<String> OTHER =
      List.of(
          "depends-on-app",
          "notification",
          "print-message-in-status",
          "request",
          "restart-workflow",
          "step-group",
          "suspend",
          "webhook");

  private static final List<String> ALL =
      Stream.of(DELIVERING, WRITING, OTHER).flatMap(List::stream).sorted().toList();

  private StepTypes() {}

  /// Those that mean something without an Application, sorted.
  static List<String> inRuns() {
    var application = List.of("export-data", "export-service", "restart-workflow");
    return ALL.stream()
        .filter(type -> !DELIVERING.contains(type) && !application.contains(type))
        .toList();
  }

  /// All of them, sorted.
  static List<String> supported() {
    return ALL;
  }
}
