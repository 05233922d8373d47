package io.nave.work;

import io.nave.api.ApiObject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// What a work says about objects that stand in the cluster before it comes. Nave's own, in
/// annotations of the work: agents that do not know them take over whatever is there, as upstream's
/// do, and so does a work without them.
///
/// @param labels an object is the work's own when it carries these labels as the manifest does; a
///   manifest without them is written over whatever is there
/// @param taken objects that are taken over all the same, as [ManifestIdentity] says them
/// @param replaced objects whose fields are only those of the manifest, whoever set others
public record Adoption(Set<String> labels, Set<String> taken, Set<String> replaced) {
  /// Keys of labels, with a comma between them.
  public static final String OWN = "work.nave.io/own-labels";

  /// Identities, one a line.
  public static final String TAKEN = "work.nave.io/take-over";

  /// Identities, one a line.
  public static final String REPLACED = "work.nave.io/replace";

  public Adoption {
    labels = Set.copyOf(labels);
    taken = Set.copyOf(taken);
    replaced = Set.copyOf(replaced);
  }

  public static Adoption of(Map<String, String> annotations) {
    return new Adoption(
        split(annotations, OWN, ","),
        split(annotations, TAKEN, "\n"),
        split(annotations, REPLACED, "\n"));
  }

  private static Set<String> split(Map<String, String> annotations, String key, String by) {
    var found = new TreeSet<>(List.of(annotations.getOrDefault(key, "").split(by, -1)));
    found.remove("");
    return found;
  }

  /// The annotations that say so.
  public Map<String, String> annotations() {
    var all = new TreeMap<String, String>();
    put(all, OWN, labels, ",");
    put(all, TAKEN, taken, "\n");
    put(all, REPLACED, replaced, "\n");
    return all;
  }

  private static void put(
      Map<String, String> all, String key, Collection<String> values, String by) {
    if (!values.isEmpty()) {
      all.put(key, String.join(by, new TreeSet<>(values)));
    }
  }

  /// Why an object that is there may not be written; empty when it may.
  public Optional<String> refusal(JsonNode manifest, ApiObject live) {
    var wanted = manifest.path("metadata").path("labels");
    var differ = new StringJoiner(", ");
    for (var label : new TreeSet<>(labels)) {
      if (!wanted.path(label).isString()) {
        return Optional.empty();
      }
      var there = live.labels().get(label);
      if (!wanted.path(label).stringValue().equals(there)) {
        differ.add(label + " is " + (there == null ? "missing" : "\"" + there + "\""));
      }
    }
    var identity = ManifestIdentity.of(manifest);
    if (differ.length() == 0 || taken.contains(identity.toString())) {
      return Optional.empty();
    }
    return Optional.of(
        "%s exists but is not managed by this application (its label %s); name it in a take-over policy, or rename it"
            .formatted(identity, differ));
  }

  /// Whether what others set in an object goes.
  public boolean replaces(ManifestIdentity identity) {
    return replaced.contains(identity.toString());
  }
}
