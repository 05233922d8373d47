package io.nave.applications.definitions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// The types applications of one namespace can name: what the first shelf has, hides what later
/// ones have.
public final class Definitions {
  private static final BuiltIns BUILT_INS = new BuiltIns();
  private static final Definitions BUILT_IN = new Definitions(List.of(BUILT_INS));

  private final List<Shelf> shelves;

  private Definitions(List<Shelf> shelves) {
    this.shelves = List.copyOf(shelves);
  }

  /// What ships with Nave; each is read when it is first asked for.
  public static Definitions builtIn() {
    return BUILT_IN;
  }

  /// What ships with Nave, and the definitions of some manifests, which hide those of the same
  /// name.
  ///
  /// @throws BadDefinition when one is wrong or in no known language
  public static Definitions builtInAnd(List<ObjectNode> manifests) {
    var given = of(List.of(BUILT_INS.engine()), manifests);
    var shelves = new ArrayList<>(given.shelves);
    shelves.add(BUILT_INS);
    return new Definitions(shelves);
  }

  /// The manifest of a type that ships with Nave, as one that could be applied.
  public static Optional<ObjectNode> builtInManifest(Role role, String name) {
    return BUILT_INS.names(role).contains(name)
        ? Optional.of(BUILT_INS.manifest(role, name))
        : Optional.empty();
  }

  static Shelf shipped() {
    return BUILT_INS;
  }

  /// The definitions that some manifests hold, each read by the first engine that can.
  ///
  /// @throws BadDefinition when one is wrong or in no known language
  public static Definitions of(List<DefinitionEngine> engines, List<ObjectNode> manifests) {
    var byRole = new TreeMap<Role, SortedMap<String, Definition>>();
    for (var manifest : manifests) {
      var definition = read(engines, manifest);
      byRole
          .computeIfAbsent(definition.role(), _ -> new TreeMap<>())
          .put(definition.name(), definition);
    }
    return new Definitions(List.of(new Given(byRole)));
  }

  private record Given(Map<Role, SortedMap<String, Definition>> byRole) implements Shelf {
    @Override
    public Optional<Definition> find(Role role, TypeName type) {
      return Optional.ofNullable(byRole.getOrDefault(role, new TreeMap<>()).get(type.name()))
          .filter(found -> type.version().isEmpty() || found.version().equals(type.version()));
    }

    @Override
    public Optional<Origin> origin(Role role, TypeName type) {
      return Optional.empty(); // nobody says where they come from
    }

    @Override
    public SortedSet<String> names(Role role) {
      return new TreeSet<>(byRole.getOrDefault(role, new TreeMap<>()).keySet());
    }
  }

  /// The definition that a manifest holds, read by an engine of this program.
  ///
  /// @throws BadDefinition when it is wrong or in no known language
  public static Definition read(ObjectNode manifest) {
    return read(List.of(BUILT_INS.engine()), manifest);
  }

  private static Definition read(List<DefinitionEngine> engines, ObjectNode manifest) {
    for (var engine : engines) {
      if (engine.reads(manifest)) {
        return engine.read(manifest);
      }
    }
    throw new BadDefinition(
        manifest.path("kind").asString("")
            + " "
            + manifest.path("metadata").path("name").asString(""),
        "spec.schematic",
        "is in no language this hub reads; expected nave");
  }

  /// The types of some places; the first one's hide those of later ones.
  static Definitions of(List<Shelf> shelves) {
    return new Definitions(shelves);
  }

  /// The definition of a type.
  ///
  /// @param type a name, or `name@v<version>`
  /// @throws BadDefinition when it is there and cannot be read
  public Optional<Definition> find(Role role, String type) {
    var wanted = TypeName.of(type);
    for (var shelf : shelves) {
      var found = shelf.find(role, wanted);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /// Where the definition of a type comes from; empty when there is none, or nobody says.
  public Optional<Origin> origin(Role role, String type) {
    var wanted = TypeName.of(type);
    for (var shelf : shelves) {
      var found = shelf.origin(role, wanted);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /// These, but for some types what is given in their place.
  ///
  /// @param held by role, then by type as applications name it, a version and all
  public Definitions holding(Map<Role, Map<String, Definition>> held) {
    var all = new ArrayList<Shelf>();
    all.add(new Held(held));
    all.addAll(shelves);
    return new Definitions(all);
  }

  private record Held(Map<Role, Map<String, Definition>> byRole) implements Shelf {
    @Override
    public Optional<Definition> find(Role role, TypeName type) {
      return Optional.ofNullable(byRole.getOrDefault(role, Map.of()).get(type.toString()));
    }

    @Override
    public Optional<Origin> origin(Role role, TypeName type) {
      return Optional.empty(); // of a revision that is there already
    }

    @Override
    public SortedSet<String> names(Role role) {
      var names = new TreeSet<String>();
      byRole.getOrDefault(role, Map.of()).keySet().stream()
          .map(type -> TypeName.of(type).name())
          .forEach(names::add);
      return names;
    }
  }

  /// The names of all types of a role, sorted.
  public List<String> types(Role role) {
    var names = new TreeSet<String>();
    shelves.forEach(shelf -> names.addAll(shelf.names(role)));
    return List.copyOf(names);
  }
}
