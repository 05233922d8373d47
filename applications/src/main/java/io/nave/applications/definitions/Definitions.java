package io.nave.applications.definitions;

import io.nave.api.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// The types applications can name.
public final class Definitions {
  private static final String FOLDER = "/definitions/";

  /// The built-in ones; one file each, `definitions/<role>/<name>.yaml`.
  private static final Map<Role, List<String>> BUILT_IN =
      Map.of(
          Role.COMPONENT, List.of("k8s-objects", "webservice"),
          Role.TRAIT, List.of("annotations", "labels", "scaler"),
          Role.POLICY, List.of("topology"));

  private final Map<Role, SortedMap<String, Definition>> byRole;

  private Definitions(Map<Role, SortedMap<String, Definition>> byRole) {
    this.byRole = byRole;
  }

  /// What ships with Nave.
  ///
  /// @throws BadDefinition when a shipped file is wrong
  public static Definitions builtIn() {
    var manifests = new java.util.ArrayList<ObjectNode>();
    for (var role : Role.values()) {
      for (var name : BUILT_IN.getOrDefault(role, List.of())) {
        manifests.addAll(resource(role.word() + "/" + name + ".yaml"));
      }
    }
    return of(List.of(new NaveEngine(new KindHealth(() -> resource("kinds.yaml")))), manifests);
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
    return new Definitions(byRole);
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

  public Optional<Definition> find(Role role, String name) {
    return Optional.ofNullable(byRole.getOrDefault(role, new TreeMap<>()).get(name));
  }

  /// The names of all types of a role, sorted.
  public List<String> types(Role role) {
    return List.copyOf(byRole.getOrDefault(role, new TreeMap<>()).keySet());
  }

  private static List<ObjectNode> resource(String name) {
    try (var in = Definitions.class.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + FOLDER + name);
      }
      return Yaml.parseAll(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + FOLDER + name + " cannot be read", e);
    }
  }
}
