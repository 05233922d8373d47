package io.nave.cli;

import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.placement.api.Placement;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `nave explain`: why the hub decided as it did.
@Command(
    name = "explain",
    mixinStandardHelpOptions = true,
    description = "Say why the hub decided as it did.",
    subcommands = ExplainCommand.OfPlacement.class)
final class ExplainCommand implements Runnable {
  /// Most clusters of one screen.
  private static final int LINES_MAX = 40;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "explain what? placement");
  }

  /// `nave explain placement NAME`.
  @Command(
      name = "placement",
      mixinStandardHelpOptions = true,
      description = {
        "Say for each cluster which filter removed it, or its scores and whether it made the cut.",
        "The same as: kubectl get --raw"
            + " /apis/cluster.open-cluster-management.io/v1beta1/namespaces/NS/placements/NAME/explain"
      })
  static final class OfPlacement implements Runnable {
    private static final ResourceType PLACEMENTS = ResourceType.of(Placement.class);

    @Mixin private final HubAccess hub = new HubAccess();

    @Parameters(paramLabel = "NAME", description = "Name of the Placement.")
    private String name = "";

    @Option(
        names = {"-n", "--namespace"},
        paramLabel = "NS",
        description = "Its namespace. Default: ${DEFAULT-VALUE}.")
    private String namespace = "default";

    @Option(names = "--cluster", paramLabel = "C", description = "Only this cluster.")
    private String cluster = "";

    @Override
    public void run() {
      hub.use((host, client, config) -> {
        var answer = client.ask(PLACEMENTS, Key.of(namespace, name), "explain", null);
        lines(answer.json(), cluster).forEach(System.out::println);
      });
    }
  }

  /// The screen, line by line.
  ///
  /// @param only this cluster; empty: as many as fit
  /// @throws CommandFault when that cluster is not known
  static List<String> lines(JsonNode answer, String only) {
    var lines = new ArrayList<String>();
    var wanted = answer.path("wanted").isMissingNode() ? "all" : answer.path("wanted").asString("");
    lines.add(
        "Placement " + answer.path("placement").asString("") + ", clusters wanted: " + wanted);
    var steps = new ArrayList<String>();
    for (var step : answer.path("filters")) {
      steps.add(step.path("name").asString("") + " " + step.path("left").asInt(0));
    }
    lines.add("Clusters left: " + String.join(" > ", steps));
    if (!answer.path("message").asString("").isEmpty()) {
      lines.add("Nothing is decided: " + answer.path("message").asString(""));
    }
    var weights = new ArrayList<String>();
    answer
        .path("prioritizers")
        .properties()
        .forEach(each -> weights.add(each.getKey() + " x" + each.getValue().asInt(0)));
    lines.add("Ranked by: " + (weights.isEmpty() ? "name" : String.join(", ", weights)));
    lines.add("");
    lines.addAll(table(answer.path("clusters"), only));
    return lines;
  }

  private static List<String> table(JsonNode clusters, String only) {
    var lines = new ArrayList<String>();
    lines.add(
        "%-24s %-7s %-15s %6s  %s".formatted("CLUSTER", "CHOSEN", "REMOVED BY", "TOTAL", "WHY"));
    for (var each : clusters) {
      if (only.isEmpty() || each.path("name").asString("").equals(only)) {
        if (lines.size() > LINES_MAX) {
          lines.add("... of " + clusters.size() + " clusters; ask for one with --cluster");
          return lines;
        }
        lines.add(line(each));
      }
    }
    if (!only.isEmpty() && lines.size() == 1) {
      throw new CommandFault(
          "no cluster \"" + only + "\" is registered; see: kubectl get managedclusters");
    }
    return lines;
  }

  private static String line(JsonNode cluster) {
    var ranked = cluster.path("rank").asInt(0) > 0;
    var scores = new ArrayList<String>();
    cluster
        .path("scores")
        .properties()
        .forEach(each -> scores.add(each.getKey() + " " + each.getValue().asInt(0)));
    var removed = cluster.path("removedBy").asString("");
    return "%-24s %-7s %-15s %6s  %s"
        .formatted(
            cluster.path("name").asString(""),
            cluster.path("chosen").asBoolean(false) ? "yes" : "no",
            removed.isEmpty() ? "-" : removed,
            ranked ? cluster.path("total").asString("") : "-",
            cluster.path("reason").asString("")
                + (scores.isEmpty() ? "" : " (" + String.join(", ", scores) + ")"));
  }
}
