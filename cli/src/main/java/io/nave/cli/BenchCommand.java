package io.nave.cli;

import io.nave.api.Json;
import io.nave.bench.Bench;
import io.nave.bench.Plan;
import io.nave.bench.Scenarios;
import io.nave.bench.wire.Wire;
import io.nave.runtime.Parts;
import io.nave.runtime.RealHost;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nave bench`: measures a hub in another process.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure a hub: start one on a fresh folder (or drive another), put a load on it, and tell",
      "what it cost. Without a scenario: tell which there are."
    })
final class BenchCommand implements Runnable {
  @Parameters(arity = "0..1", paramLabel = "SCENARIO", description = "What to measure.")
  private @Nullable String scenario;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of everything that is drawn.")
  private long seed = 1;

  @Option(
      names = "--size",
      paramLabel = "NAME=N",
      description = "Another size than the scenario's own, such as --size clusters=500.")
  private Map<String, Long> sizes = new LinkedHashMap<>();

  @Option(names = "--clusters", paramLabel = "N", description = "Short for --size clusters=N.")
  private @Nullable Long clusters;

  @Option(names = "--parallel", paramLabel = "N", description = "Short for --size parallel=N.")
  private @Nullable Long parallel;

  @Option(names = "--seconds", paramLabel = "N", description = "Short for --size seconds=N.")
  private @Nullable Long seconds;

  @Option(names = "--http", paramLabel = "1|2", description = "HTTP version. Default: 2.")
  private int http = 2;

  @Option(
      names = "--loops",
      paramLabel = "N",
      description = "The driver's threads that read and write. Default: 1.")
  private int loops = 1;

  @Option(
      names = "--hub",
      paramLabel = "KUBECONFIG",
      description = "Drive this hub, as its administrator, instead of starting one.")
  private @Nullable Path hub;

  @Option(
      names = "--hub-pids",
      paramLabel = "PID",
      split = ",",
      description = "The processes of that hub, to be measured.")
  private List<Long> pids = new ArrayList<>();

  @Option(
      names = "--jfr",
      paramLabel = "FILE",
      description = "Keep a flight recording of the started hub there.")
  private @Nullable Path flightRecording;

  @Option(
      names = "--hub-java-options",
      paramLabel = "OPTIONS",
      description = "More options for the started hub's Java.")
  private String javaOptions = "";

  @Option(
      names = "--agent-java-options",
      paramLabel = "OPTIONS",
      description = "More options for the Java of the agent that scenario 'agent' starts again.")
  private String agentJavaOptions = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json: nothing but one JSON object on standard output.")
  private String output = "";

  @Override
  public void run() {
    if (scenario == null) {
      System.out.print("Scenarios, and their sizes:\n" + Scenarios.describe());
      return;
    }
    if (!output.isEmpty() && !output.equals("json")) {
      throw new CommandFault("-o takes json");
    }
    var parts = new Parts();
    try (parts) {
      var host = parts.open(RealHost.start("bench"));
      var result = Bench.run(host, plan(scenario), System.err);
      if (output.equals("json")) {
        System.out.println(Json.text(result));
      } else {
        result
            .path("figures")
            .properties()
            .forEach(figure -> System.out.printf("%-28s %s%n", figure.getKey(), figure.getValue()));
      }
    } catch (Plan.Unusable e) {
      throw new CommandFault(String.valueOf(e.getMessage()));
    }
  }

  private Plan plan(String name) {
    var given = new LinkedHashMap<>(sizes);
    put(given, "clusters", clusters);
    put(given, "parallel", parallel);
    put(given, "seconds", seconds);
    return new Plan(
        name,
        seed,
        given,
        http == 1 ? Wire.Version.HTTP_1_1 : Wire.Version.HTTP_2,
        loops,
        hub,
        pids,
        flightRecording,
        javaOptions,
        agentJavaOptions);
  }

  private static void put(Map<String, Long> sizes, String name, @Nullable Long value) {
    if (value != null) {
      sizes.put(name, value);
    }
  }
}
