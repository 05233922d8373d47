package io.nave.applications.definitions;

/// A definition that cannot be used: mend it. The message names the definition, the place in it,
/// what was found and what was expected.
public final class BadDefinition extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadDefinition(String definition, String path, String fault) {
    super(definition + ": " + path + ": " + fault);
  }
}
