package io.nave.applications.definitions;

/// A type as applications name it: `web`, or `web@v1.2` for a version of it.
///
/// @param version without the `v`; empty for the newest
public record TypeName(String name, String version) {
  /// Reads `name` or `name@v<version>`; a name without a version after its `@` is a name.
  public static TypeName of(String type) {
    var at = type.lastIndexOf("@v");
    return at <= 0 || at + 2 == type.length()
        ? new TypeName(type, "")
        : new TypeName(type.substring(0, at), type.substring(at + 2));
  }

  @Override
  public String toString() {
    return version.isEmpty() ? name : name + "@v" + version;
  }
}
