package io.nave.apiserver.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Everything that reads what clients send, each with a folder of inputs to begin from. What a run
/// found is kept there as `found-*`, so that it is fed again by every build.
enum Fuzzed {
  JSON(JsonTarget::new),
  YAML(YamlTarget::new),
  WORDS(WordsTarget::new),
  PROTOBUF(ProtobufTarget::new),
  PATCH(PatchTarget::new),
  APPLY(ApplyTarget::new),
  CSR(CsrTarget::new),
  CEL(CelTarget::new),
  DOOR(DoorTarget::new);

  private static final Path FOLDER = Path.of("src/test/resources/fuzz");
  private static final Path FRAMES = Path.of("src/test/resources/io/nave/apiserver/protobuf");

  private final Supplier<FuzzTarget> target;

  Fuzzed(Supplier<FuzzTarget> target) {
    this.target = target;
  }

  /// A fresh one; belongs to one task.
  FuzzTarget open() {
    return target.get();
  }

  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Where what a run finds is kept.
  Path folder() {
    return FOLDER.resolve(id());
  }

  List<Path> inputs() {
    var own = files(folder()).stream();
    return (this == PROTOBUF ? Stream.concat(own, files(FRAMES).stream()) : own).toList();
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
