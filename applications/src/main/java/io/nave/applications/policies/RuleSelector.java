package io.nave.applications.policies;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Which objects a rule of a policy is about (spec §10.3): every list that is given must contain
/// the object's value; without any list it is about none.
public record RuleSelector(
    List<String> componentNames,
    List<String> componentTypes,
    List<String> oamTypes,
    List<String> traitTypes,
    List<String> resourceTypes,
    List<String> resourceNames) {
  public RuleSelector {
    componentNames = List.copyOf(componentNames);
    componentTypes = List.copyOf(componentTypes);
    oamTypes = List.copyOf(oamTypes);
    traitTypes = List.copyOf(traitTypes);
    resourceTypes = List.copyOf(resourceTypes);
    resourceNames = List.copyOf(resourceNames);
  }

  /// What a rendered object is, as its labels and its head say; what it is not is empty.
  ///
  /// @param oamType `WORKLOAD` or `TRAIT`
  public record Subject(
      String componentName,
      String componentType,
      String oamType,
      String traitType,
      String resourceType,
      String resourceName) {
    public static Subject of(JsonNode manifest) {
      var meta = manifest.path("metadata");
      var labels = meta.path("labels");
      return new Subject(
          labels.path("app.oam.dev/component").asString(""),
          labels.path("workload.oam.dev/type").asString(""),
          labels.path("app.oam.dev/resourceType").asString(""),
          labels.path("trait.oam.dev/type").asString(""),
          manifest.path("kind").asString(""),
          meta.path("name").asString(""));
    }
  }

  /// As it stands in a rule.
  static RuleSelector of(JsonNode selector) {
    return new RuleSelector(
        texts(selector, "componentNames"),
        texts(selector, "componentTypes"),
        texts(selector, "oamTypes").stream().map(RuleSelector::workload).toList(),
        texts(selector, "traitTypes"),
        texts(selector, "resourceTypes"),
        texts(selector, "resourceNames"));
  }

  /// KubeVela's help calls COMPONENT what its code compares with WORKLOAD (spec §28).
  private static String workload(String oamType) {
    return oamType.equals("COMPONENT") ? "WORKLOAD" : oamType;
  }

  static List<String> texts(JsonNode node, String field) {
    return node.path(field).valueStream().map(text -> text.asString("")).toList();
  }

  public boolean matches(Subject subject) {
    return !isEmpty()
        && holds(componentNames, subject.componentName())
        && holds(componentTypes, subject.componentType())
        && holds(oamTypes, subject.oamType())
        && holds(traitTypes, subject.traitType())
        && holds(resourceTypes, subject.resourceType())
        && holds(resourceNames, subject.resourceName());
  }

  private boolean isEmpty() {
    return componentNames.isEmpty()
        && componentTypes.isEmpty()
        && oamTypes.isEmpty()
        && traitTypes.isEmpty()
        && resourceTypes.isEmpty()
        && resourceNames.isEmpty();
  }

  private static boolean holds(List<String> wanted, String value) {
    return wanted.isEmpty() || wanted.contains(value);
  }
}
