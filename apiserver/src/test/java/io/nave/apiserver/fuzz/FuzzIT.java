package io.nave.apiserver.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Looks for inputs that break a parser, guided by the code they reach: Jazzer in a process of its
/// own.
///
/// A short run by default. `-Dfuzz.seconds=600` for a long one, `-Dfuzz.target=CEL` for one parser,
/// `-Dfuzz.seed=7` for other mutations than the short run always tries. What a long run learnt
/// stays in `target/fuzz/*/corpus`, and the next one goes on from there.
class FuzzIT {
  private static final int SECONDS = Integer.getInteger("fuzz.seconds", 5);
  private static final String TARGET = System.getProperty("fuzz.target", "");
  private static final Path FOLDER = Path.of("target", "fuzz", TARGET.isEmpty() ? "all" : TARGET);

  /// Of one input: beyond it, it hangs. Far more than any takes, as machines are busy.
  private static final int INPUT_SECONDS_MAX = 30;

  private static final boolean LONG = SECONDS >= 60;

  /// Where what is reached is counted: in the parsers; in a long run in all that is behind them
  /// too, and in the libraries that read bytes for them, which takes long to prepare.
  private static final String WATCHED =
      LONG
          ? "io.nave.**:tools.jackson.core.json.**:org.snakeyaml.engine.v2.**:dev.cel.parser.**"
              + ":dev.cel.checker.**:org.bouncycastle.asn1.**"
          : "io.nave.api.*:io.nave.api.patch.**:io.nave.api.apply.**:io.nave.api.cel.**"
              + ":io.nave.apiserver.http.**:io.nave.apiserver.protobuf.**:io.nave.certs.**";

  private static final Pattern RUNS = Pattern.compile("Done (\\d+) runs in (\\d+) second");

  @Test
  void noInputBreaksAParser() throws IOException, InterruptedException {
    var log = run(prepared());
    var found = found();
    assertThat(found)
        .as(
            "inputs that break a parser, see %s; mend it, and keep them as src/test/resources/fuzz/"
                + "TARGET/found-WHAT:%n%s",
            log, excerpt(log))
        .isEmpty();
    var runs = RUNS.matcher(Files.readString(log));
    assertThat(runs.find()).as("the fuzzer came to its end, see %s", log).isTrue();
    System.out.println("fuzzed with " + runs.group(1) + " inputs");
    assertThat(Long.parseLong(runs.group(1)))
        .as("at least the inputs it began with, see %s", log)
        .isGreaterThanOrEqualTo(seeds());
  }

  private static List<Fuzzed> fuzzed() {
    return TARGET.isEmpty() ? List.of(Fuzzed.values()) : List.of(Fuzzed.valueOf(TARGET));
  }

  private static long seeds() {
    return fuzzed().stream().mapToLong(each -> each.inputs().size()).sum();
  }

  /// The command, with its folders laid out.
  private static List<String> prepared() throws IOException {
    var corpus = Files.createDirectories(FOLDER.resolve("corpus"));
    var seeds = Files.createDirectories(FOLDER.resolve("seeds"));
    for (var fuzzed : fuzzed()) {
      for (var input : fuzzed.inputs()) {
        var seed = seeds.resolve(fuzzed.id() + "-" + input.getFileName());
        Files.write(seed, FuzzEntry.with(fuzzed, Files.readAllBytes(input)));
      }
    }
    for (var old : crashes()) {
      Files.delete(old);
    }
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=" + (LONG ? 4 : 1),
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dfuzz.target=" + TARGET,
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzEntry.class.getName(),
                "--instrumentation_includes=" + WATCHED,
                "--custom_hook_includes=none.**", // what parsers do not do: SQL, LDAP, files
                "--reproducer_path=" + FOLDER,
                "-max_total_time=" + SECONDS,
                "-timeout=" + INPUT_SECONDS_MAX,
                "-max_len=4096",
                "-use_value_profile=1",
                "-print_final_stats=1",
                "-artifact_prefix=" + FOLDER + "/",
                "-dict=src/test/resources/fuzz/dictionary"));
    var seed = System.getProperty("fuzz.seed", LONG ? "" : "1"); // every build tries the same
    if (!seed.isEmpty()) {
      command.add("-seed=" + seed);
    }
    command.add(corpus.toString());
    command.add(seeds.toString());
    return command;
  }

  private static Path run(List<String> command) throws IOException, InterruptedException {
    var log = FOLDER.resolve("fuzz.log");
    var fuzzer =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      // It looks at its clock between inputs, and reads what it knows before: slowly on a busy
      // machine.
      assertThat(fuzzer.waitFor(2L * SECONDS + 240L, TimeUnit.SECONDS))
          .as("ended, see %s", log)
          .isTrue();
    } finally {
      fuzzer.destroyForcibly();
    }
    return log;
  }

  /// What the fuzzer left, without the byte that says whose it is.
  private static List<Path> found() throws IOException {
    var found = new ArrayList<Path>();
    for (var crash : crashes()) {
      var input = Files.readAllBytes(crash);
      if (input.length > 0) {
        var folder =
            Files.createDirectories(FOLDER.resolve("found").resolve(FuzzEntry.of(input).id()));
        found.add(
            Files.write(
                folder.resolve(crash.getFileName()), Arrays.copyOfRange(input, 1, input.length)));
      }
    }
    return found;
  }

  private static List<Path> crashes() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.getFileName().toString().matches("(crash|timeout|oom)-.*"))
          .toList();
    }
  }

  private static String excerpt(Path log) throws IOException {
    var lines = Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
    return lines.stream()
        .dropWhile(line -> !line.contains("== Java Exception") && !line.contains("ERROR:"))
        .limit(30)
        .reduce("", (all, line) -> all + line + "\n");
  }
}
