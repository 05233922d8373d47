package io.nave.applications;

import io.nave.applications.api.WorkflowStep.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A value that a component takes into the properties of one of its traits (spec §2.1).
///
/// @param trait its position
/// @param input with the key as it is among the trait's properties
record TraitInput(int trait, Input input) {
  private static final Pattern KEY =
      Pattern.compile("traits\\[(\\d{1,3})]\\.(?:properties\\.)?(.+)");

  /// @param traits how many the component has
  /// @return empty when it goes elsewhere
  static Optional<TraitInput> of(Input input, int traits) {
    var key = KEY.matcher(input.parameterKey() == null ? "" : input.parameterKey());
    return key.matches() && Integer.parseInt(key.group(1)) < traits
        ? Optional.of(
            new TraitInput(Integer.parseInt(key.group(1)), new Input(input.from(), key.group(2))))
        : Optional.empty();
  }

  /// Those that one trait takes.
  static List<Input> into(int trait, List<Input> inputs) {
    var found = new ArrayList<Input>();
    for (var input : inputs) {
      of(input, trait + 1)
          .filter(one -> one.trait() == trait)
          .ifPresent(one -> found.add(one.input()));
    }
    return found;
  }

  /// Those that the component itself takes.
  static List<Input> own(List<Input> inputs, int traits) {
    return inputs.stream().filter(input -> of(input, traits).isEmpty()).toList();
  }
}
