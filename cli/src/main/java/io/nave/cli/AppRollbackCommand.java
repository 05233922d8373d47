package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Patch;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// `nave app rollback`.
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Set an application back to what an earlier revision said.",
      "The same as: kubectl patch application NAME with that revision's spec.application.spec"
    })
final class AppRollbackCommand implements Runnable {
  private static final String PUBLISH_VERSION = "app.oam.dev/publishVersion";
  private static final String VERSION_PATH = "/metadata/annotations/app.oam.dev~1publishVersion";

  @Mixin private AppOptions options = new AppOptions();

  @Parameters(paramLabel = "NAME", description = "The application.")
  private String name = "";

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "Its name or number. Default: the newest one before this that succeeded.")
  private String wanted = "";

  @Override
  public void run() {
    options.use((host, client, config) -> {
      var application = options.application(client, name);
      var revision = chosen(application, AppRevisionsCommand.of(client, application));
      client.patch(AppOptions.APPLICATION, application.key(), "", back(application, revision));
      System.out.println("application " + name + " set back to revision " + revision.name());
    });
  }

  private ApiObject chosen(ApiObject application, List<ApiObject> revisions) {
    var current = application.at("/status/latestRevision/name").asString("");
    var found = wanted.isEmpty() ? lastGood(revisions, current) : named(revisions, wanted);
    if (found == null) {
      throw new CommandFault(
          wanted.isEmpty()
              ? "application "
                  + name
                  + " has no earlier revision that succeeded; name one with"
                  + " --revision: nave app revisions "
                  + name
              : "application %s has no revision \"%s\"; it has %s"
                  .formatted(name, wanted, revisions.stream().map(ApiObject::name).toList()));
    }
    return found;
  }

  static @Nullable ApiObject lastGood(List<ApiObject> revisions, String current) {
    return revisions.reversed().stream()
        .filter(revision -> !revision.name().equals(current))
        .filter(revision -> revision.status().path("succeeded").asBoolean(false))
        .findFirst()
        .orElse(null);
  }

  private static @Nullable ApiObject named(List<ApiObject> revisions, String wanted) {
    return revisions.stream()
        .filter(revision ->
            revision.name().equals(wanted)
                || Long.toString(AppRevisionsCommand.number(revision)).equals(wanted))
        .findFirst()
        .orElse(null);
  }

  /// The whole spec and the version it was published under, on the very object that was looked at.
  static Patch back(ApiObject application, ApiObject revision) {
    var steps = Json.object().arrayNode();
    step(steps, "test", "/metadata/uid", Json.tree(application.uid()));
    step(steps, "replace", "/spec", revision.at("/spec/application/spec"));
    var published = revision.at("/spec/application/metadata/annotations").path(PUBLISH_VERSION);
    var isPublished = application.annotations().containsKey(PUBLISH_VERSION);
    if (!published.isMissingNode()) {
      if (application.annotations().isEmpty()) {
        step(steps, "add", "/metadata/annotations", Json.object());
      }
      step(steps, isPublished ? "replace" : "add", VERSION_PATH, published);
    } else if (isPublished) { // what is published now would go on to count
      steps.addObject().put("op", "remove").put("path", VERSION_PATH);
    }
    return new Patch(Patch.Form.JSON, steps);
  }

  private static void step(ArrayNode steps, String op, String path, JsonNode value) {
    steps.addObject().put("op", op).put("path", path).set("value", value);
  }
}
