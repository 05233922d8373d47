package io.nave.applications.definitions;

import io.nave.api.Resource;
import io.nave.applications.api.ComponentDefinition;
import io.nave.applications.api.PolicyDefinition;
import io.nave.applications.api.TraitDefinition;
import io.nave.applications.api.WorkflowStepDefinition;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a definition is for.
public enum Role {
  COMPONENT(ComponentDefinition.class, "component", "Component"),
  TRAIT(TraitDefinition.class, "trait", "Trait"),
  POLICY(PolicyDefinition.class, "policy", "Policy"),
  WORKFLOW_STEP(WorkflowStepDefinition.class, "workflowstep", "WorkflowStep");

  private final Class<? extends Resource> type;
  private final String word;
  private final String revisionType;

  Role(Class<? extends Resource> type, String word, String revisionType) {
    this.type = type;
    this.word = word;
    this.revisionType = revisionType;
  }

  /// The record of its manifests.
  public Class<? extends Resource> type() {
    return type;
  }

  /// The role of a kind of manifest; empty when it is no definition.
  public static Optional<Role> ofKind(String kind) {
    return Arrays.stream(values()).filter(role -> role.kind().equals(kind)).findFirst();
  }

  /// As a DefinitionRevision calls it.
  public String revisionType() {
    return revisionType;
  }

  /// The field of a DefinitionRevision's spec that holds the definition.
  public String revisionField() {
    return revisionType.substring(0, 1).toLowerCase(Locale.ROOT)
        + revisionType.substring(1)
        + "Definition";
  }

  /// The kind of its manifests.
  public String kind() {
    return type.getSimpleName();
  }

  /// As it is called in messages; also the folder of the built-in ones.
  public String word() {
    return word;
  }
}
