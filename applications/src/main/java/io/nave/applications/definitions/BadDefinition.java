package io.nave.applications.definitions;

import java.util.Set;

/// A definition that cannot be used: mend it. The message names the definition, the place in it,
/// what was found and what was expected.
public final class BadDefinition extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What paths from the root of a manifest begin with; others begin within the schematic.
  private static final Set<String> ROOTS = Set.of("apiVersion", "kind", "metadata", "spec");

  private final String path;
  private final String fault;

  public BadDefinition(String definition, String path, String fault) {
    super(definition + ": " + path + ": " + fault);
    this.path = path;
    this.fault = fault;
  }

  /// The place in the manifest.
  public String field() {
    var root = path.split("[.\\[]", 2)[0];
    return ROOTS.contains(root) ? path : "spec.schematic.nave." + path;
  }

  /// What is wrong there, without the place.
  public String fault() {
    return fault;
  }
}
