package io.nave.applications.definitions;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.Yaml;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefinitionCheckTest {
  private static String faults(String kind, String spec) {
    var manifest =
        Yaml.parseAll("{kind: %s, metadata: {name: test}, spec: %s}".formatted(kind, spec))
            .getFirst();
    var text = new StringBuilder();
    DefinitionCheck.faults(manifest)
        .forEach(
            fault -> text.append(fault.field()).append(": ").append(fault.message()).append("; "));
    return text.toString();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Widget              | {schematic: {nave: {}}}   | kind: expected one of [ComponentDefinition, TraitDefinition,
          ComponentDefinition | {}                        | spec.schematic: is in no language this hub reads; expected nave
          ComponentDefinition | {schematic: {cue: {}}}    | spec.schematic: is in no language this hub reads; expected nave
          ComponentDefinition | {schematic: {nave: {}}}   | spec.schematic.nave: has no part "output", the main object of a component
          ComponentDefinition | {version: new, schematic: {nave: {output: {}}}} | spec.version: expected a version such as 1.2.0, found "new"
          PolicyDefinition    | {scope: Application, schematic: {nave: {}}} | spec.scope: Application is not supported
          PolicyDefinition    | {schematic: {nave: {output: {kind: ConfigMap}}}} | spec.schematic.nave.output: policies make no objects; let a component
          TraitDefinition     | {controlPlaneOnly: true, schematic: {nave: {}}} | spec.controlPlaneOnly: found true; this hub delivers to clusters only
          TraitDefinition     | {stage: Later, schematic: {nave: {}}} | spec.stage: expected PreDispatch, DefaultDispatch or PostDispatch, found Later
          TraitDefinition     | {schematic: {nave: {patchh: {}}}} | spec.schematic.nave: has no part "patchh"; did you mean patch?
          TraitDefinition     | {schematic: {nave: {patchStrategy: open}}} | spec.schematic.nave.patchStrategy: expected jsonMergePatch or jsonPatch, found open
          TraitDefinition     | {schematic: {nave: {let: {context: '${1}'}}}} | spec.schematic.nave.let.context: expected a name such as item
          TraitDefinition     | {schematic: {nave: {let: {b: '${a}', a: '${1}'}}}} | spec.schematic.nave.let.b: ${a}: undeclared reference to 'a'
          TraitDefinition     | {schematic: {nave: {parameter: {properties: {a: {type: string, defualt: x}}}}}} | spec.schematic.nave.parameter.properties.a: "defualt" is no word of OpenAPI schemas; did you mean default?
          TraitDefinition     | {schematic: {nave: {parameter: {properties: {a: {type: integer, default: x}}}}}} | parameter.properties.a.default: expected a value of type integer, found "x"
          TraitDefinition     | {schematic: {nave: {parameter: {properties: {a: {description: x}}}}}} | parameter.properties.a.type: is missing
          TraitDefinition     | {schematic: {nave: {parameter: {required: [b], properties: {a: {type: string}}}}}} | parameter.required: names "b", which is none of the properties [a]
          TraitDefinition     | {schematic: {nave: {parameter: {properties: {a: {type: string, pattern: '['}}}}}} | parameter.properties.a.pattern: cannot be read
          TraitDefinition     | {schematic: {nave: {status: {health: 'context.output == 1'}}}} | spec.schematic.nave.status.health: ${context.output == 1}: a whole live object is not fed back
          TraitDefinition     | {schematic: {nave: {status: {details: {an-extremely-long-name-of-a-detail: '1'}}}}} | expected a name of at most 31 characters, found 34
          """)
  void tellsPathAndFault(String kind, String spec, String expected) {
    assertThat(faults(kind, spec)).contains(expected);
  }

  @Test
  void tellsTheFaultsOfAllParts() {
    assertThat(
            faults(
                "ComponentDefinition",
                "{schematic: {nave: {output: {a: '${x}'}, outputs: {b: {c: '${y}'}}, status: {health: z}}}}"))
        .contains("nave.output.a:", "nave.outputs.b.c:", "nave.status.health:");
  }

  @Test
  void refusesNamesThatAreNoLabels() {
    var name = "a".repeat(64);
    var manifest =
        Yaml.parseAll(
                "{kind: TraitDefinition, metadata: {name: %s}, spec: {schematic: {nave: {}}}}"
                    .formatted(name))
            .getFirst();
    assertThat(DefinitionCheck.faults(manifest))
        .singleElement()
        .satisfies(fault -> assertThat(fault.field()).isEqualTo("metadata.name"));
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({"webservce, webservice", "Scaler, scaler", "hpaa, hpa", "xyz, ''"})
  void guessesWhatWasMeant(String word, String expected) {
    var known = Definitions.builtIn().types(Role.COMPONENT);
    var all = new ArrayList<>(known);
    all.addAll(Definitions.builtIn().types(Role.TRAIT));
    assertThat(Nearest.to(word, all).orElse("")).isEqualTo(expected);
  }
}
