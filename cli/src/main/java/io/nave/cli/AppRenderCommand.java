package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Yaml;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `nave app render`: the objects an application becomes.
@Command(
    name = "render",
    mixinStandardHelpOptions = true,
    description = "Write the objects that each cluster gets of an application, as YAML.")
final class AppRenderCommand implements Runnable {
  @Mixin private AppOptions options = new AppOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "An application on the hub; or give -f.")
  private @Nullable String name;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "The application, in YAML or JSON.")
  private List<Path> files = new ArrayList<>();

  @Option(names = "--cluster", paramLabel = "C", description = "Only for this cluster.")
  private String cluster = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json or yaml. Default: yaml.")
  private AppOptions.Output output = AppOptions.Output.YAML;

  @Override
  public void run() {
    if ((name == null) == files.isEmpty()) {
      throw new CommandFault("give either the name of an application or -f FILE");
    }
    options.use((host, client, config) -> {
      var application =
          name == null ? options.onlyApplication(host, files) : options.application(client, name);
      var preview = Previews.ask(client, application);
      var refusal = preview.status().path("refusal").asString("");
      if (!refusal.isEmpty()) {
        throw new CommandFault(refusal);
      }
      print(preview);
    });
  }

  private void print(ApiObject preview) {
    if (output == AppOptions.Output.JSON) {
      var list = Json.object().put("apiVersion", "v1").put("kind", "List");
      var items = list.putArray("items");
      rendered(preview).forEach(object -> items.add(object.path("after")));
      System.out.println(Json.text(list));
      return;
    }
    var before = "";
    for (var object : rendered(preview)) {
      var place = object.path("cluster").asString("");
      System.out.println("---");
      if (!place.equals(before)) {
        System.out.println("# cluster " + place);
      }
      before = place;
      System.out.print(Yaml.write(object.path("after")));
    }
  }

  private List<JsonNode> rendered(ApiObject preview) {
    return preview
        .status()
        .path("objects")
        .valueStream()
        .filter(object -> object.path("after").isObject())
        .filter(object -> cluster.isEmpty() || object.path("cluster").asString("").equals(cluster))
        .toList();
  }
}
