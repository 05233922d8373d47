package io.nave.applications.definitions;

/// What a definition is for.
public enum Role {
  COMPONENT("ComponentDefinition", "component"),
  TRAIT("TraitDefinition", "trait"),
  POLICY("PolicyDefinition", "policy"),
  WORKFLOW_STEP("WorkflowStepDefinition", "workflowstep");

  private final String kind;
  private final String word;

  Role(String kind, String word) {
    this.kind = kind;
    this.word = word;
  }

  /// The kind of its manifests.
  public String kind() {
    return kind;
  }

  /// As it is called in messages; also the folder of the built-in ones.
  public String word() {
    return word;
  }
}
