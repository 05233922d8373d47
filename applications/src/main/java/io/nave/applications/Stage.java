package io.nave.applications;

/// The steps from an Application to its works, in order; each has a condition.
enum Stage {
  PARSED("Parsed", "rendering"),
  REVISION("Revision", "rendering"),
  POLICY("Policy", "generatingPolicy"),
  RENDER("Render", "rendering"),
  WORKFLOW("Workflow", "workflowFailed");

  private final String condition;
  private final String phase;

  Stage(String condition, String phase) {
    this.condition = condition;
    this.phase = phase;
  }

  /// The type of its condition.
  String condition() {
    return condition;
  }

  /// The phase of an application that cannot get past it.
  String phase() {
    return phase;
  }
}
