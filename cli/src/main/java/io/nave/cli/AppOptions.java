package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.applications.api.Application;
import io.nave.controllers.ApiClient;
import io.nave.runtime.Host;
import io.nave.work.ManifestWork;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What every command about applications takes, and what they share.
final class AppOptions {
  static final ResourceType APPLICATION = ResourceType.of(Application.class);
  static final ResourceType WORK = ResourceType.of(ManifestWork.class);
  static final ResourceType REVISION =
      ResourceType.of(
          "core.oam.dev", "v1beta1", "ApplicationRevision", "applicationrevisions", true);

  @Mixin private HubAccess hub = new HubAccess();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "The namespace. Default: ${DEFAULT-VALUE}.")
  private String namespace = "default";

  String namespace() {
    return namespace;
  }

  void use(HubAccess.Action action) {
    hub.use(action);
  }

  Key key(String name) {
    return Key.of(namespace, name);
  }

  /// @throws CommandFault when there is none of that name
  ApiObject application(ApiClient client, String name) {
    return client
        .find(APPLICATION, key(name))
        .orElseThrow(() ->
            new CommandFault(
                "there is no application \""
                    + name
                    + "\" in namespace "
                    + namespace
                    + "; see: nave app list -A"));
  }

  /// The objects of some files, in order; those without a namespace get the one that was asked for.
  List<ApiObject> objects(Host host, List<Path> files) {
    var objects = new ArrayList<ApiObject>();
    for (var file : files) {
      for (var document : Yaml.parseAll(HubAccess.text(host, file))) {
        objects.add(ApiObject.of(placed(document, file)));
      }
    }
    if (objects.isEmpty()) {
      throw new CommandFault("nothing is in " + files);
    }
    return objects;
  }

  /// @throws CommandFault unless the files hold exactly one
  ApiObject onlyApplication(Host host, List<Path> files) {
    var found =
        objects(host, files).stream().filter(o -> o.kind().equals(APPLICATION.kind())).toList();
    if (found.size() != 1) {
      throw new CommandFault("expected one Application in " + files + ", found " + found.size());
    }
    return found.getFirst();
  }

  private ObjectNode placed(ObjectNode document, Path file) {
    if (document.path("kind").asString("").isEmpty()) {
      throw new CommandFault(file + ": a document has no kind");
    }
    var meta = document.withObjectProperty("metadata");
    if (meta.path("namespace").asString("").isEmpty()) {
      meta.put("namespace", namespace);
    }
    return document;
  }

  /// Prints a value as `-o` asks for.
  ///
  /// @return false when `-o` asks for nothing, and people are to be told in words
  static boolean printed(Output output, JsonNode value) {
    switch (output) {
      case JSON -> System.out.println(Json.text(value));
      case YAML -> System.out.print(Yaml.write(value));
      case TEXT -> {
        return false;
      }
    }
    return true;
  }

  /// How results are written.
  enum Output {
    TEXT,
    JSON,
    YAML
  }
}
