package io.nave.applications;

import io.nave.api.ApiError;
import io.nave.applications.api.Application;
import io.nave.applications.definitions.Definitions;
import java.util.ArrayList;
import java.util.List;

/// What an Application must keep to be stored: its types are known, its components have names of
/// their own, and properties fit their definitions. What only the present can tell (clusters,
/// placements) is told by conditions instead.
public final class ApplicationAdmission {
  private final Definitions definitions;

  private ApplicationAdmission(Definitions definitions) {
    this.definitions = definitions;
  }

  /// By the types that ship with Nave.
  public static ApplicationAdmission builtIn() {
    return new ApplicationAdmission(Definitions.builtIn());
  }

  /// The faults, with paths from the Application's root; empty when it may be stored.
  public List<ApiError.Cause> check(Application application) {
    var faults = new ArrayList<>(Blueprint.of(application, definitions).faults());
    faults.addAll(new PolicyProperties(definitions).faults(application));
    return List.copyOf(faults);
  }
}
