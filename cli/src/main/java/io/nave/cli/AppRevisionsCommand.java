package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nave app revisions`.
@Command(
    name = "revisions",
    mixinStandardHelpOptions = true,
    description = "List what an application was. The same as: kubectl get applicationrevisions")
final class AppRevisionsCommand implements Runnable {
  @Mixin private AppOptions options = new AppOptions();

  @Parameters(paramLabel = "NAME", description = "The application.")
  private String name = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json or yaml. Default: text.")
  private AppOptions.Output output = AppOptions.Output.TEXT;

  @Override
  public void run() {
    options.use((host, client, config) -> {
      var application = options.application(client, name);
      var found = of(client, application);
      var list = Json.object().put("apiVersion", "v1").put("kind", "List");
      found.forEach(revision -> list.withArrayProperty("items").add(revision.json()));
      if (!AppOptions.printed(output, list)) {
        lines(application, found, host.now()).forEach(System.out::println);
      }
    });
  }

  /// The revisions of an application, the oldest first.
  static List<ApiObject> of(ApiClient client, ApiObject application) {
    return client
        .list(AppOptions.REVISION, application.namespace(), Selection.all())
        .items()
        .stream()
        .filter(revision ->
            revision.owners().stream().anyMatch(owner -> owner.uid().equals(application.uid())))
        .sorted(Comparator.comparingLong(AppRevisionsCommand::number))
        .toList();
  }

  /// The number at the end of its name.
  static long number(ApiObject revision) {
    var name = revision.name();
    var digits = name.substring(name.lastIndexOf("-v") + 2);
    return digits.matches("\\d{1,15}") ? Long.parseLong(digits) : 0;
  }

  /// Pure.
  static List<String> lines(ApiObject application, List<ApiObject> revisions, Instant now) {
    if (revisions.isEmpty()) {
      return List.of("application " + application.name() + " has no revisions yet");
    }
    var current = application.at("/status/latestRevision/name").asString("");
    var table = new Table("REVISION", "CURRENT", "SUCCEEDED", "PUBLISH-VERSION", "AGE");
    for (var revision : revisions) {
      var published =
          revision
              .at("/spec/application/metadata/annotations")
              .path("app.oam.dev/publishVersion")
              .asString("");
      table.row(
          revision.name(),
          revision.name().equals(current) ? "yes" : "",
          revision.status().path("succeeded").asBoolean(false) ? "yes" : "no",
          AppStatusCommand.orDash(published),
          Table.age(revision.creationTimestamp(), now));
    }
    return table.lines();
  }
}
