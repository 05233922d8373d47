package io.nave.applications.definitions;

import io.nave.api.Json;
import io.nave.api.Yaml;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The definitions that ship with Nave: one file each, `definitions/<role>/<name>.yaml`, with the
/// names in `definitions/index.yaml`. Each is read when it is first asked for.
final class BuiltIns implements Shelf {
  private static final String FOLDER = "/definitions/";

  /// What ships is its own first revision.
  private static final Set<String> FIRST = Set.of("", "1");

  private final NaveEngine engine =
      new NaveEngine(new KindHealth(() -> Yaml.parseAll(text("kinds.yaml"))));
  private final ObjectNode index = one("index.yaml");
  // Looked up by key only, never iterated.
  private final Map<String, Definition> read = new ConcurrentHashMap<>();
  private final Map<String, Origin> origins = new ConcurrentHashMap<>();
  private final Map<Role, SortedSet<String>> names = new EnumMap<>(Role.class);
  private volatile @Nullable Fragments fragments; // a race reads them twice, harmlessly

  BuiltIns() {
    for (var role : Role.values()) {
      var all = new TreeSet<String>();
      index.path(role.word()).forEach(name -> all.add(name.asString("")));
      names.put(role, Collections.unmodifiableSortedSet(all));
    }
  }

  @Override
  public Optional<Definition> find(Role role, TypeName type) {
    var name = type.name();
    if (!names(role).contains(name) || !FIRST.contains(type.version())) {
      return Optional.empty();
    }
    var key = role.word() + "/" + name;
    var known = read.get(key);
    if (known == null) {
      known = engine.read(manifest(role, name));
      read.put(key, known);
    }
    return Optional.of(known);
  }

  @Override
  public Optional<Origin> origin(Role role, TypeName type) {
    return names(role).contains(type.name()) && FIRST.contains(type.version())
        ? Optional.of(origin(role, type.name()))
        : Optional.empty();
  }

  private Origin origin(Role role, String name) {
    var key = role.word() + "/" + name;
    var known = origins.get(key);
    if (known == null) {
      known = Origin.of(role, manifest(role, name), "", true);
      origins.put(key, known);
    }
    return known;
  }

  /// The manifest of a type that is there, as an object that could be applied.
  ObjectNode manifest(Role role, String name) {
    return (ObjectNode) fragments().resolve(one(role.word() + "/" + name + ".yaml"));
  }

  @Override
  public SortedSet<String> names(Role role) {
    return names.getOrDefault(role, Collections.emptySortedSet());
  }

  NaveEngine engine() {
    return engine;
  }

  private Fragments fragments() {
    var known = fragments;
    if (known == null) {
      known = new Fragments(one("fragments.yaml"));
      fragments = known;
    }
    return known;
  }

  private static ObjectNode one(String file) {
    List<ObjectNode> documents = Yaml.parseAll(text(file));
    return documents.isEmpty() ? Json.object() : documents.getFirst();
  }

  private static String text(String file) {
    try (var in = BuiltIns.class.getResourceAsStream(FOLDER + file)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + FOLDER + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("resource " + FOLDER + file + " cannot be read", e);
    }
  }
}
