package io.nave.applications.definitions;

import io.nave.api.ApiObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where the types of applications come from: the objects of their namespace, then those of
/// `vela-system`, then what ships with Nave (spec §1.5). Thread-safe; what was read is kept until
/// the object changes.
public final class Catalog {
  /// The namespace whose definitions all applications see.
  public static final String SYSTEM = "vela-system";

  /// Most definitions that are kept after they were read; there are seldom more than some hundred.
  private static final int KEPT_MAX = 1_000;

  private final Map<String, Definition> kept = new ConcurrentHashMap<>(); // looked up only

  /// The types that applications of a namespace can name.
  ///
  /// @param newest whether `name@v1.2` means the highest version that begins so, and not exactly
  ///   that one (spec §5.4)
  public Definitions of(DefinitionObjects objects, String namespace, boolean newest) {
    var shelves = new ArrayList<Shelf>();
    shelves.add(new NamespaceShelf(objects, namespace, newest));
    if (!namespace.equals(SYSTEM)) {
      shelves.add(new NamespaceShelf(objects, SYSTEM, newest));
    }
    shelves.add(Definitions.shipped());
    return Definitions.of(shelves);
  }

  private Definition read(ApiObject object, JsonNode manifest) {
    var key = object.uid() + "@" + object.resourceVersion();
    var known = kept.get(key);
    if (known != null) {
      return known;
    }
    var definition = Definitions.read((ObjectNode) manifest);
    if (kept.size() >= KEPT_MAX) {
      kept.clear(); // read again when they are named next
    }
    kept.put(key, definition);
    return definition;
  }

  /// The definition that a DefinitionRevision keeps; empty when it keeps none of that role.
  public Optional<Definition> kept(Role role, ApiObject revision) {
    return revision.spec().path(role.revisionField()) instanceof ObjectNode manifest
        ? Optional.of(read(revision, manifest))
        : Optional.empty();
  }

  /// The objects of one namespace.
  private final class NamespaceShelf implements Shelf {
    private final DefinitionObjects objects;
    private final String namespace;
    private final boolean newest;

    NamespaceShelf(DefinitionObjects objects, String namespace, boolean newest) {
      this.objects = objects;
      this.namespace = namespace;
      this.newest = newest;
    }

    @Override
    public SortedSet<String> names(Role role) {
      return new TreeSet<>(objects.names(role, namespace));
    }

    @Override
    public Optional<Definition> find(Role role, TypeName type) {
      var current = objects.definition(role, namespace, type.name());
      if (type.version().isEmpty()) {
        return current.map(object -> read(object, object.json()));
      }
      return versions(role, type, current.orElse(null))
          .filter(version -> version.answers(type.version(), newest))
          .max(Comparator.naturalOrder())
          .map(version -> read(version.object(), version.manifest()));
    }

    @Override
    public Optional<Origin> origin(Role role, TypeName type) {
      var current = objects.definition(role, namespace, type.name());
      if (type.version().isEmpty()) {
        return current.map(
            object -> Version.of(object, object.json(), Long.MAX_VALUE).origin(role));
      }
      return versions(role, type, current.orElse(null))
          .filter(version -> version.answers(type.version(), newest))
          .max(Comparator.naturalOrder())
          .map(version -> version.origin(role));
    }

    private Stream<Version> versions(Role role, TypeName type, @Nullable ApiObject current) {
      var found = new ArrayList<Version>();
      for (var revision : objects.revisions(role, namespace, type.name())) {
        if (revision.spec().path(role.revisionField()) instanceof ObjectNode manifest) {
          found.add(Version.of(revision, manifest, revision.spec().path("revision").asLong(0)));
        }
      }
      if (current != null) {
        found.add(Version.of(current, current.json(), Long.MAX_VALUE));
      }
      return found.stream();
    }
  }

  /// A definition as it is or was.
  ///
  /// @param name its version, or the number of its revision when it has none
  /// @param number of the revision; the highest for the present one
  private record Version(ApiObject object, ObjectNode manifest, String name, long number)
      implements Comparable<Version> {
    static Version of(ApiObject object, ObjectNode manifest, long number) {
      var version = manifest.path("spec").path("version").asString("");
      return new Version(
          object, manifest, version.isEmpty() ? String.valueOf(number) : version, number);
    }

    Origin origin(Role role) {
      var latest = object.status().path("latestRevision");
      var kept =
          number < Long.MAX_VALUE
              ? object.name()
              : latest.path("revisionHash").asString("").equals(Origin.hash(object.spec()))
                  ? latest.path("name").asString("")
                  : ""; // its revision is not written yet
      return Origin.of(
          role, manifest, kept.isEmpty() ? "" : object.namespace() + "/" + kept, false);
    }

    boolean answers(String wanted, boolean newest) {
      return name.equals(wanted) || (newest && name.startsWith(wanted + "."));
    }

    @Override
    public int compareTo(Version other) {
      return Comparator.comparing((Version version) -> numbers(version.name))
          .thenComparingLong(version -> version.number)
          .compare(this, other);
    }

    /// Numbers padded, so that they compare as texts.
    private static String numbers(String version) {
      var padded = new StringBuilder();
      for (var part : version.split("[.-]")) {
        padded.append("0".repeat(Math.max(0, 12 - part.length()))).append(part).append('.');
      }
      return padded.toString();
    }
  }
}
