package io.nave.applications.definitions;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The language of YAML templates and CEL expressions, `spec.schematic.nave`; described in
/// package-info.
public final class NaveEngine implements DefinitionEngine {
  private static final Set<String> PARTS =
      Set.of(
          "parameter",
          "refers",
          "let",
          "output",
          "outputs",
          "patch",
          "patchStrategy",
          "podPatch",
          "patchOutputs",
          "errs",
          "status");
  private static final Set<String> STATUS = Set.of("details", "health", "message", "perKind");

  private final KindHealth kinds;

  NaveEngine(KindHealth kinds) {
    this.kinds = kinds;
  }

  @Override
  public boolean reads(ObjectNode manifest) {
    return manifest.path("spec").path("schematic").has("nave");
  }

  @Override
  public Definition read(ObjectNode manifest) {
    var name = manifest.path("metadata").path("name").asString("");
    var kind = manifest.path("kind").asString("");
    var label = kind + " " + name;
    if (!(manifest.path("spec").path("schematic").get("nave") instanceof ObjectNode parts)) {
      throw new BadDefinition(label, "spec.schematic.nave", "expected an object");
    }
    requireKnown(label, "spec.schematic.nave", parts, PARTS);
    requireKnown(label, "spec.schematic.nave.status", parts.path("status"), STATUS);
    return new NaveDefinition(name, role(label, kind), manifest, parts, kinds);
  }

  private static Role role(String label, String kind) {
    return Role.ofKind(kind)
        .orElseThrow(() ->
            new BadDefinition(
                label,
                "kind",
                "expected one of " + Arrays.stream(Role.values()).map(Role::kind).toList()));
  }

  private static void requireKnown(String label, String path, JsonNode parts, Set<String> known) {
    for (var part : List.copyOf(parts.propertyNames())) {
      if (!known.contains(part)) {
        var meant = Nearest.to(part, known).map(name -> "; did you mean " + name + "?");
        throw new BadDefinition(
            label,
            path,
            "has no part \"%s\"%s"
                .formatted(part, meant.orElse("; expected " + new TreeSet<>(known))));
      }
    }
  }
}
