package io.nave.applications.api;

import io.nave.api.Absent;
import io.nave.api.Condition;
import io.nave.api.schema.ListMap;
import io.nave.api.schema.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the hub says of a definition.
///
/// @param configMapRef kept for clients of KubeVela; this hub writes no such ConfigMap
public record DefinitionStatus(
    @ListMap("type") List<Condition> conditions,
    @Nullable String configMapRef,
    @Nullable Revision latestRevision) {
  public DefinitionStatus {
    conditions = Absent.toEmpty(conditions);
  }

  /// Of a definition the hub has not looked at.
  static final DefinitionStatus NONE = new DefinitionStatus(List.of(), null, null);

  /// @param name of the DefinitionRevision
  /// @param revision counts from 1
  public record Revision(
      @Required String name, @Required long revision, @Nullable String revisionHash) {
    public Revision {
      name = Absent.toEmpty(name);
    }
  }

  /// A CustomResourceDefinition that the definition stands for; older form.
  public record Reference(@Required String name, @Nullable String version) {
    public Reference {
      name = Absent.toEmpty(name);
    }
  }
}
