package io.nave.cli;

import io.nave.api.ApiObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `nave app status`.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    description = "Show how an application is: phase, steps, and each component on each cluster.")
final class AppStatusCommand implements Runnable {
  /// Most services and most resources that one screen shows.
  private static final int ROWS_MAX = 60;

  @Mixin private AppOptions options = new AppOptions();

  @Parameters(paramLabel = "NAME", description = "The application.")
  private String name = "";

  @Option(names = "--resources", description = "Also the objects in the clusters.")
  private boolean resources;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json or yaml. Default: text.")
  private AppOptions.Output output = AppOptions.Output.TEXT;

  @Override
  public void run() {
    options.use((host, client, config) -> {
      var application = options.application(client, name);
      if (!AppOptions.printed(output, application.json())) {
        lines(application, host.now(), resources).forEach(System.out::println);
      }
    });
  }

  /// Pure.
  static List<String> lines(ApiObject application, Instant now, boolean resources) {
    var lines = new ArrayList<String>();
    lines.add("Name:       " + application.name());
    lines.add("Namespace:  " + application.namespace());
    lines.add("Phase:      " + phase(application) + behind(application));
    lines.add("Healthy:    " + healthy(application));
    lines.add("Revision:   " + orDash(application.at("/status/latestRevision/name").asString("")));
    lines.add("Age:        " + Table.age(application.creationTimestamp(), now));
    for (var condition : application.status().path("conditions")) {
      if (!condition.path("status").asString("").equals("True")) {
        lines.add(
            "%s:  %s: %s"
                .formatted(
                    condition.path("type").asString(""),
                    condition.path("reason").asString(""),
                    condition.path("message").asString("")));
      }
    }
    steps(application, lines);
    services(application, lines);
    if (resources) {
      resources(application, lines);
    }
    return lines;
  }

  private static String behind(ApiObject application) {
    var seen = application.status().path("observedGeneration").asLong(0);
    return seen == application.generation() ? "" : " (the last edit is not looked at yet)";
  }

  private static void steps(ApiObject application, List<String> lines) {
    var workflow = application.status().path("workflow");
    if (workflow.path("steps").isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(
        "Workflow %s, %s"
            .formatted(
                workflow.path("mode").asString(""), orDash(workflow.path("status").asString(""))));
    var table = new Table("STEP", "TYPE", "PHASE", "REASON", "MESSAGE");
    for (var step : workflow.path("steps")) {
      step(table, step, "");
      step.path("subSteps").forEach(sub -> step(table, sub, "  "));
    }
    table.lines().forEach(line -> lines.add("  " + line));
  }

  private static void step(Table table, JsonNode step, String indent) {
    table.row(
        indent + step.path("name").asString(""),
        orDash(step.path("type").asString("")),
        orDash(step.path("phase").asString("")),
        orDash(step.path("reason").asString("")),
        step.path("message").asString(""));
  }

  private static void services(ApiObject application, List<String> lines) {
    var services = application.status().path("services");
    if (services.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("Components");
    var table = new Table("COMPONENT", "CLUSTER", "NAMESPACE", "KIND", "HEALTHY", "MESSAGE");
    for (var service : services) {
      table.row(
          service.path("name").asString(""),
          service.path("cluster").asString(""),
          service.path("namespace").asString(""),
          service.at("/workloadDefinition/kind").asString(""),
          service.path("healthy").asBoolean(false) ? "yes" : "no",
          service.path("message").asString(""));
    }
    bounded(table, lines);
  }

  private static void resources(ApiObject application, List<String> lines) {
    lines.add("");
    lines.add("Resources");
    var table = new Table("CLUSTER", "KIND", "NAMESPACE", "NAME");
    for (var resource : application.status().path("appliedResources")) {
      table.row(
          resource.path("cluster").asString(""),
          resource.path("kind").asString(""),
          orDash(resource.path("namespace").asString("")),
          resource.path("name").asString(""));
    }
    bounded(table, lines);
  }

  private static void bounded(Table table, List<String> lines) {
    var all = table.lines();
    all.stream().limit(ROWS_MAX + 1L).forEach(line -> lines.add("  " + line));
    if (all.size() > ROWS_MAX + 1) {
      lines.add("  and " + (all.size() - ROWS_MAX - 1) + " more: -o yaml");
    }
  }

  static String phase(ApiObject application) {
    return orDash(application.status().path("status").asString(""));
  }

  /// As `2/3`.
  static String healthy(ApiObject application) {
    var services = application.status().path("services");
    var good = services.valueStream().filter(each -> each.path("healthy").asBoolean(false)).count();
    return good + "/" + services.size();
  }

  static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
