package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.ReplicaSetRevision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nave rollout`: how a ManifestWorkReplicaSet comes to its clusters, and changing that.
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    description = "See, stop and turn back the rollout of a ManifestWorkReplicaSet.",
    subcommands = {
      RolloutCommand.Status.class,
      RolloutCommand.History.class,
      RolloutCommand.Pause.class,
      RolloutCommand.Resume.class,
      RolloutCommand.Undo.class,
      RolloutCommand.Abort.class
    })
final class RolloutCommand implements Runnable {
  private static final ResourceType SET = ResourceType.of(ManifestWorkReplicaSet.class);
  private static final ResourceType REVISION = ResourceType.of(ReplicaSetRevision.class);

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "rollout what? status, history, pause, resume, undo or abort");
  }

  /// Which set, and what to do with it.
  abstract static class OnSet implements Runnable {
    @Mixin private HubAccess hub = new HubAccess();

    @Parameters(paramLabel = "NAME", description = "The ManifestWorkReplicaSet.")
    private String name = "";

    @Option(
        names = {"-n", "--namespace"},
        paramLabel = "NAMESPACE",
        description = "Its namespace. Default: ${DEFAULT-VALUE}.")
    private String namespace = "default";

    @Override
    public void run() {
      hub.use((host, client, config) ->
          act(client, client.get(SET, Key.of(namespace, name))).forEach(System.out::println));
    }

    /// @return what to tell
    abstract List<String> act(ApiClient client, ApiObject set);
  }

  @Command(
      name = "status",
      mixinStandardHelpOptions = true,
      description = "How far it has come, and what stands in the way.")
  static final class Status extends OnSet {
    @Override
    List<String> act(ApiClient client, ApiObject set) {
      return lines(Codec.decode(set, ManifestWorkReplicaSet.class));
    }
  }

  @Command(
      name = "history",
      mixinStandardHelpOptions = true,
      description = "The templates it had, which undo can go back to.")
  static final class History extends OnSet {
    @Override
    List<String> act(ApiClient client, ApiObject set) {
      var lines = new ArrayList<String>();
      for (var revision : revisions(client, set)) {
        lines.add(
            "revision %d of %s, %d manifests"
                .formatted(
                    number(revision),
                    revision.metadata().path("creationTimestamp").asString(""),
                    revision.at("/spec/template/workload/manifests").size()));
      }
      return lines.isEmpty() ? List.of("nothing was rolled out yet") : lines;
    }
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "Create, change and remove nothing until it is resumed.")
  static final class Pause extends OnSet {
    @Override
    List<String> act(ApiClient client, ApiObject set) {
      return paused(client, set, true);
    }
  }

  @Command(name = "resume", mixinStandardHelpOptions = true, description = "Go on after a pause.")
  static final class Resume extends OnSet {
    @Override
    List<String> act(ApiClient client, ApiObject set) {
      return paused(client, set, false);
    }
  }

  @Command(
      name = "undo",
      mixinStandardHelpOptions = true,
      description = "Go back to the template before this one, or to a certain one.")
  static final class Undo extends OnSet {
    @Option(
        names = "--to-revision",
        paramLabel = "N",
        description = "See: nave rollout history. Default: the one before the present one.")
    private long to;

    @Override
    List<String> act(ApiClient client, ApiObject set) {
      var revisions = revisions(client, set);
      var wanted =
          to > 0
              ? find(revisions, to)
              : revisions.size() < 2 ? null : revisions.get(revisions.size() - 2);
      if (wanted == null) {
        throw new CommandFault(
            to > 0
                ? "there is no revision " + to + "; see: nave rollout history " + set.name()
                : "there is no earlier revision to go back to");
      }
      return back(client, set, wanted);
    }
  }

  @Command(
      name = "abort",
      mixinStandardHelpOptions = true,
      description = "Go back to the last template that every cluster succeeded with.")
  static final class Abort extends OnSet {
    @Override
    List<String> act(ApiClient client, ApiObject set) {
      var complete = set.at("/status/rollout/completeRevision").asLong(0);
      var wanted = find(revisions(client, set), complete);
      if (wanted == null) {
        throw new CommandFault(
            "no rollout of it was ever complete, so there is nothing to go back to; pause it: nave"
                + " rollout pause "
                + set.name());
      }
      return back(client, set, wanted);
    }
  }

  /// How a set is getting on. Pure.
  static List<String> lines(ManifestWorkReplicaSet set) {
    var lines = new ArrayList<String>();
    var summary = set.status().summary();
    var rollout = set.status().rollout();
    if (summary == null || rollout == null) {
      lines.add("nothing was rolled out yet");
      set.status().conditions().stream()
          .filter(condition -> !condition.isTrue())
          .forEach(c -> lines.add("  %s %s: %s".formatted(c.type(), c.reason(), c.message())));
      return lines;
    }
    lines.add(
        "revision %d%s: %d of %d clusters have it, %d applied, %d available, %d degraded%s"
            .formatted(
                rollout.revision(),
                set.spec().paused() ? " (paused)" : "",
                summary.updated(),
                summary.desiredTotal(),
                summary.applied(),
                summary.available(),
                summary.degraded(),
                rollout.parts() > 1 ? ", in %d works each".formatted(rollout.parts()) : ""));
    for (var condition : set.status().conditions()) {
      lines.add(
          "  %-20s %-8s %s %s"
              .formatted(
                  condition.type(), condition.status(), condition.reason(), condition.message())
              .stripTrailing());
    }
    for (var failing : rollout.failing()) {
      lines.add("  %s: %s: %s".formatted(failing.cluster(), failing.reason(), failing.message()));
    }
    return lines;
  }

  private static List<String> paused(ApiClient client, ApiObject set, boolean paused) {
    var patch =
        Patch.merge(body -> {
          body.putObject("metadata").put("uid", set.uid());
          body.putObject("spec").put("paused", paused);
        });
    client.patch(SET, set.key(), "", patch);
    return List.of(paused ? "paused" : "resumed");
  }

  private static List<String> back(ApiClient client, ApiObject set, ApiObject revision) {
    var steps = Json.object().arrayNode();
    steps.addObject().put("op", "test").put("path", "/metadata/uid").put("value", set.uid());
    steps
        .addObject()
        .put("op", "add")
        .put("path", "/spec/manifestWorkTemplate")
        .set("value", revision.at("/spec/template"));
    var values = revision.at("/spec/clusterValues");
    if (!values.isMissingNode()) {
      steps.addObject().put("op", "add").put("path", "/spec/clusterValues").set("value", values);
    } else if (set.spec().has("clusterValues")) {
      steps.addObject().put("op", "remove").put("path", "/spec/clusterValues");
    }
    if (set.spec().path("paused").asBoolean(false)) {
      steps.addObject().put("op", "replace").put("path", "/spec/paused").put("value", false);
    }
    client.patch(SET, set.key(), "", new Patch(Patch.Form.JSON, steps));
    return List.of("going back to what revision " + number(revision) + " said");
  }

  private static List<ApiObject> revisions(ApiClient client, ApiObject set) {
    var label = set.namespace() + "." + set.name();
    var found =
        client.list(
            REVISION, set.namespace(), Selection.labelled(ManifestWorkReplicaSet.LABEL, label));
    return found.items().stream().sorted(Comparator.comparingLong(RolloutCommand::number)).toList();
  }

  private static @Nullable ApiObject find(List<ApiObject> revisions, long number) {
    return revisions.stream().filter(r -> number(r) == number).findFirst().orElse(null);
  }

  private static long number(ApiObject revision) {
    return revision.at("/spec/revision").asLong(0);
  }
}
