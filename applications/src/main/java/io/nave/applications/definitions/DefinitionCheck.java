package io.nave.applications.definitions;

import io.nave.api.ApiError;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Says what is wrong with the manifest of a definition: asked when one is written, and by `nave
/// def check`. Compiles expressions, so the first call loads CEL.
public final class DefinitionCheck {
  /// Names of types become values of labels.
  private static final int NAME_MAX = 63;

  /// Parts of a definition that make or change objects.
  private static final Set<String> OF_OBJECTS =
      Set.of("output", "outputs", "patch", "podPatch", "patchOutputs", "errs");

  private static final Pattern VERSION =
      Pattern.compile("\\d{1,9}(\\.\\d{1,9}){0,2}(-[0-9A-Za-z.-]{1,64})?");

  private DefinitionCheck() {}

  /// The faults, with paths from the root of the manifest; empty when it is good.
  public static List<ApiError.Cause> faults(ObjectNode manifest) {
    var check = new Round(manifest);
    check.head();
    check.schematic();
    return List.copyOf(check.faults);
  }

  private static final class Round {
    private final ObjectNode manifest;
    private final List<ApiError.Cause> faults = new ArrayList<>();

    Round(ObjectNode manifest) {
      this.manifest = manifest;
    }

    void head() {
      var name = manifest.path("metadata").path("name").asString("");
      if (name.length() > NAME_MAX) {
        fault(
            "metadata.name",
            "expected at most "
                + NAME_MAX
                + " characters, as it becomes a label; found "
                + name.length());
      }
      var version = manifest.path("spec").path("version").asString("");
      if (!version.isEmpty() && !VERSION.matcher(version).matches()) {
        fault("spec.version", "expected a version such as 1.2.0, found \"" + version + "\"");
      }
      if (manifest.path("spec").path("scope").asString("").equals("Application")) {
        fault(
            "spec.scope", "Application is not supported; policies see rendered applications only");
      }
    }

    void schematic() {
      var nave = manifest.path("spec").path("schematic").path("nave");
      var policy = manifest.path("kind").asString("").equals(Role.POLICY.kind());
      for (var part : nave.propertyNames()) {
        if (policy && OF_OBJECTS.contains(part)) {
          fault(
              "spec.schematic.nave." + part,
              "policies make no objects; let a component or an apply-object step make them");
        }
      }
      if (nave.has("parameter")) {
        ParameterSchema.check(nave.path("parameter"), "spec.schematic.nave.parameter", this::fault);
      }
      try {
        var definition = Definitions.read(manifest);
        definition.faults().forEach(bad -> fault(bad.field(), bad.fault()));
      } catch (BadDefinition e) {
        if (faults.stream().noneMatch(known -> known.field().startsWith(e.field()))) {
          fault(e.field(), e.fault());
        }
      }
    }

    private void fault(String path, String message) {
      faults.add(new ApiError.Cause("FieldValueInvalid", path, message));
    }
  }
}
