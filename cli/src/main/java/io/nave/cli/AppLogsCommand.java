package io.nave.cli;

import io.nave.api.ApiObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `nave app logs`: what the workflow did.
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    description = "Say what the workflow of an application did, step by step, in order of time.")
final class AppLogsCommand implements Runnable {
  @Mixin private AppOptions options = new AppOptions();

  @Parameters(paramLabel = "NAME", description = "The application.")
  private String name = "";

  @Option(names = "--step", paramLabel = "STEP", description = "Only this step.")
  private String step = "";

  @Override
  public void run() {
    options.use((host, client, config) ->
        lines(options.application(client, name), step).forEach(System.out::println));
  }

  private record Entry(String at, String step, String text) {}

  /// Pure.
  ///
  /// @param only this step; empty: all
  static List<String> lines(ApiObject application, String only) {
    var workflow = application.status().path("workflow");
    var entries = new ArrayList<Entry>();
    add(entries, workflow.path("startTime"), "-", "workflow of " + revision(workflow) + " starts");
    for (var step : workflow.path("steps")) {
      step(entries, step);
      step.path("subSteps").forEach(sub -> step(entries, sub));
    }
    add(
        entries,
        workflow.path("endTime"),
        "-",
        "workflow " + workflow.path("status").asString("") + note(workflow));
    var lines =
        entries.stream()
            .filter(entry -> only.isEmpty() || entry.step().equals(only))
            .sorted(Comparator.comparing(Entry::at))
            .map(entry -> "%s  %s: %s".formatted(entry.at(), entry.step(), entry.text()))
            .toList();
    return lines.isEmpty() ? List.of("the workflow did nothing yet") : lines;
  }

  private static String revision(JsonNode workflow) {
    return AppStatusCommand.orDash(workflow.path("appRevision").asString(""));
  }

  private static void step(List<Entry> entries, JsonNode step) {
    var name = step.path("name").asString("");
    add(entries, step.path("firstExecuteTime"), name, step.path("type").asString("") + " starts");
    var approval = step.path("approval");
    if (approval.isObject()) {
      var why = approval.path("why").asString("");
      add(
          entries,
          approval.path("at"),
          name,
          "approved by " + approval.path("by").asString("") + (why.isEmpty() ? "" : ": " + why));
    }
    add(
        entries,
        step.path("lastExecuteTime"),
        name,
        step.path("phase").asString("") + reason(step) + note(step));
  }

  private static String reason(JsonNode step) {
    var reason = step.path("reason").asString("");
    return reason.isEmpty() ? "" : " (" + reason + ")";
  }

  private static String note(JsonNode node) {
    var message = node.path("message").asString("");
    return message.isEmpty() ? "" : ": " + message;
  }

  private static void add(List<Entry> entries, JsonNode at, String step, String text) {
    if (!at.asString("").isEmpty()) {
      entries.add(new Entry(at.asString(""), step, text));
    }
  }
}
