package io.nave.applications.definitions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a TraitDefinition says beside what it renders (spec §6.3).
///
/// @param appliesToWorkloads such as `deployments.apps` or `*`; told to people, not enforced
/// @param conflictsWith types of traits that may not stand on the same component; `*` for any
/// @param podDisruptive whether its change restarts pods
/// @param workloadRefPath where in its objects the main object is named by apiVersion, kind and
///   name; dots between names; empty for nowhere
/// @param manageWorkload whether it renders the workload itself, in place of the component's
/// @param stage when its objects and changes are delivered
public record TraitRules(
    List<String> appliesToWorkloads,
    List<String> conflictsWith,
    boolean podDisruptive,
    String workloadRefPath,
    boolean manageWorkload,
    Stage stage) {

  /// When a trait is delivered: before the workload, with it, or once it is healthy.
  public enum Stage {
    PRE_DISPATCH("PreDispatch"),
    DEFAULT_DISPATCH("DefaultDispatch"),
    POST_DISPATCH("PostDispatch");

    private final String word;

    Stage(String word) {
      this.word = word;
    }

    /// As definitions call it.
    public String word() {
      return word;
    }
  }

  /// Of definitions that are no traits.
  public static final TraitRules NONE =
      new TraitRules(List.of(), List.of(), false, "", false, Stage.DEFAULT_DISPATCH);

  public TraitRules {
    appliesToWorkloads = List.copyOf(appliesToWorkloads);
    conflictsWith = List.copyOf(conflictsWith);
  }

  /// Reads the spec of a TraitDefinition.
  ///
  /// @throws BadDefinition naming the field that is wrong
  static TraitRules of(String definition, JsonNode spec) {
    if (spec.path("controlPlaneOnly").asBoolean(false)) {
      throw new BadDefinition(
          definition, "spec.controlPlaneOnly", "found true; this hub delivers to clusters only");
    }
    return new TraitRules(
        texts(spec.path("appliesToWorkloads")),
        texts(spec.path("conflictsWith")),
        spec.path("podDisruptive").asBoolean(false),
        spec.path("workloadRefPath").asString(""),
        spec.path("manageWorkload").asBoolean(false),
        stage(definition, spec.path("stage").asString("")));
  }

  private static Stage stage(String definition, String word) {
    if (word.isEmpty()) {
      return Stage.DEFAULT_DISPATCH;
    }
    return Arrays.stream(Stage.values())
        .filter(stage -> stage.word().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new BadDefinition(
                definition,
                "spec.stage",
                "expected PreDispatch, DefaultDispatch or PostDispatch, found " + word));
  }

  private static List<String> texts(JsonNode list) {
    var found = new ArrayList<String>();
    list.forEach(text -> found.add(text.asString("")));
    return found;
  }

  /// Whether this trait may not stand beside one of another type.
  public boolean conflictsWith(String type) {
    return conflictsWith.contains(type) || conflictsWith.contains("*");
  }
}
