package io.nave.applications;

import io.nave.api.Json;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an Application would become, object by object (spec §24). Pure.
///
/// @param objects by cluster, then by object
/// @param notices what in it would have no effect
public record Preview(List<Difference> objects, List<String> notices) {
  public Preview {
    objects = List.copyOf(objects);
    notices = List.copyOf(notices);
  }

  /// What would happen to an object.
  public enum Change {
    ADD,
    MODIFY,
    REMOVE,
    NONE
  }

  /// One object of one cluster.
  ///
  /// @param work the name of the work that holds it
  /// @param before as the work holds it now; null: it does not
  /// @param after as it would; null: it would not
  public record Difference(
      String cluster,
      String work,
      Change change,
      String apiVersion,
      String kind,
      String namespace,
      String name,
      @Nullable JsonNode before,
      @Nullable JsonNode after) {}

  private record Place(String cluster, ManifestIdentity object) implements Comparable<Place> {
    @Override
    public int compareTo(Place other) {
      var byCluster = cluster.compareTo(other.cluster);
      return byCluster == 0 ? object.compareTo(other.object) : byCluster;
    }
  }

  private record Held(String work, JsonNode manifest) {}

  static Preview of(
      Collection<ManifestWork> wanted, Collection<ManifestWork> present, List<String> notices) {
    var after = held(wanted);
    var before = held(present);
    var places = new TreeMap<Place, Held>(before);
    places.putAll(after);
    var differences = new ArrayList<Difference>();
    places.forEach((place, held) ->
        differences.add(
            difference(place, held.work(), manifest(before, place), manifest(after, place))));
    return new Preview(differences, notices);
  }

  private static @Nullable JsonNode manifest(Map<Place, Held> held, Place place) {
    var found = held.get(place);
    return found == null ? null : found.manifest();
  }

  private static Map<Place, Held> held(Collection<ManifestWork> works) {
    var held = new TreeMap<Place, Held>();
    for (var work : works) {
      if (!work.metadata().deleting()) {
        var cluster = work.metadata().namespace();
        for (var manifest : Works.manifests(work)) {
          held.put(
              new Place(cluster, ManifestIdentity.of(manifest)),
              new Held(work.metadata().name(), manifest));
        }
      }
    }
    return held;
  }

  private static Difference difference(
      Place place, String work, @Nullable JsonNode before, @Nullable JsonNode after) {
    var object = place.object();
    return new Difference(
        place.cluster(),
        work,
        change(before, after),
        object.apiVersion(),
        object.kind(),
        object.namespace(),
        object.name(),
        before,
        after);
  }

  private static Change change(@Nullable JsonNode before, @Nullable JsonNode after) {
    if (before == null) {
      return Change.ADD;
    }
    if (after == null) {
      return Change.REMOVE;
    }
    return Json.same(before, after) ? Change.NONE : Change.MODIFY;
  }
}
