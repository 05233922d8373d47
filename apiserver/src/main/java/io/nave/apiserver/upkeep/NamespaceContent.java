package io.nave.apiserver.upkeep;

import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.ResourceType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// What is left in a namespace that goes, and the conditions that tell of it, in Kubernetes' words:
/// whoever waits for a namespace looks there. One task only.
final class NamespaceContent {
  private static final String DISCOVERY = "NamespaceDeletionDiscoveryFailure";
  private static final String VERSIONS = "NamespaceDeletionGroupVersionParsingFailure";
  private static final String FAILURE = "NamespaceDeletionContentFailure";
  private static final String REMAINING = "NamespaceContentRemaining";
  private static final String FINALIZERS = "NamespaceFinalizersRemaining";

  private final Map<String, Integer> left = new TreeMap<>(); // by resource
  private final Map<String, Integer> finalizers = new TreeMap<>();
  private final TreeSet<String> refusals = new TreeSet<>();

  /// Takes down what is left of a kind.
  void left(ResourceType type, List<ApiObject> objects) {
    if (objects.isEmpty()) {
      return;
    }
    left.put(type.plural() + "." + type.group(), objects.size());
    for (var object : objects) {
      object.finalizers().forEach(one -> finalizers.merge(one, 1, Integer::sum));
    }
  }

  /// Takes down that a kind's objects could not be deleted.
  void refused(String why) {
    refusals.add(why);
  }

  boolean isEmpty() {
    return left.isEmpty() && refusals.isEmpty();
  }

  /// The namespace's conditions: those that stand there, with what was found.
  List<Condition> conditions(List<Condition> present, Instant now) {
    var all = present;
    for (var one : found()) {
      all = Condition.merge(all, one, now);
    }
    return all;
  }

  private List<Condition> found() {
    return List.of(
        Condition.of(
            DISCOVERY, false, "ResourcesDiscovered", "All resources successfully discovered"),
        Condition.of(
            VERSIONS, false, "ParsedGroupVersions", "All legacy kube types successfully parsed"),
        refusals.isEmpty()
            ? Condition.of(
                FAILURE,
                false,
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization")
            : Condition.of(
                FAILURE,
                true,
                "ContentDeletionFailed",
                "Failed to delete all resource types, %d remaining: %s"
                    .formatted(refusals.size(), String.join(", ", refusals))),
        left.isEmpty()
            ? Condition.of(REMAINING, false, "ContentRemoved", "All content successfully removed")
            : Condition.of(
                REMAINING,
                true,
                "SomeResourcesRemain",
                "Some resources are remaining: " + told(left, "%s has %d resource instances")),
        finalizers.isEmpty()
            ? Condition.of(
                FINALIZERS,
                false,
                "ContentHasNoFinalizers",
                "All content-preserving finalizers finished")
            : Condition.of(
                FINALIZERS,
                true,
                "SomeFinalizersRemain",
                "Some content in the namespace has finalizers remaining: "
                    + told(finalizers, "%s in %d resource instances")));
  }

  private static String told(Map<String, Integer> counts, String form) {
    var words = new ArrayList<String>();
    counts.forEach((name, count) -> words.add(form.formatted(name, count)));
    return String.join(", ", words);
  }
}
