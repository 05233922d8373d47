package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Selection;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `nave app list`.
@Command(
    name = "list",
    aliases = "ls",
    mixinStandardHelpOptions = true,
    description = "List applications. The same as: kubectl get applications")
final class AppListCommand implements Runnable {
  @Mixin private AppOptions options = new AppOptions();

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Of all namespaces.")
  private boolean everywhere;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json or yaml. Default: text.")
  private AppOptions.Output output = AppOptions.Output.TEXT;

  @Override
  public void run() {
    options.use((host, client, config) -> {
      var where = everywhere ? "" : options.namespace();
      var found = client.list(AppOptions.APPLICATION, where, Selection.all()).items();
      var list = Json.object().put("apiVersion", "v1").put("kind", "List");
      found.forEach(application -> list.withArrayProperty("items").add(application.json()));
      if (!AppOptions.printed(output, list)) {
        lines(found, host.now(), everywhere).forEach(System.out::println);
      }
    });
  }

  /// Pure.
  static List<String> lines(List<ApiObject> applications, Instant now, boolean namespaces) {
    if (applications.isEmpty()) {
      return List.of("no applications found");
    }
    var table =
        namespaces
            ? new Table("NAMESPACE", "NAME", "PHASE", "HEALTHY", "CLUSTERS", "REVISION", "AGE")
            : new Table("NAME", "PHASE", "HEALTHY", "CLUSTERS", "REVISION", "AGE");
    for (var application : applications) {
      var cells =
          new String[] {
            application.name(),
            AppStatusCommand.phase(application),
            AppStatusCommand.healthy(application),
            Integer.toString(clusters(application).size()),
            AppStatusCommand.orDash(application.at("/status/latestRevision/name").asString("")),
            Table.age(application.creationTimestamp(), now)
          };
      table.row(namespaces ? prepended(application.namespace(), cells) : cells);
    }
    return table.lines();
  }

  private static String[] prepended(String first, String[] cells) {
    var all = new String[cells.length + 1];
    all[0] = first;
    System.arraycopy(cells, 0, all, 1, cells.length);
    return all;
  }

  private static Set<String> clusters(ApiObject application) {
    var names = new TreeSet<String>();
    application
        .status()
        .path("services")
        .forEach(service -> names.add(service.path("cluster").asString("")));
    return names;
  }
}
