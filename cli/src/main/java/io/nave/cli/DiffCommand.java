package io.nave.cli;

import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.work.ManifestWork;
import io.nave.work.WorkStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `nave diff`: where a cluster is not what a work says, as its agent reports it.
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Show where a cluster is not what a work says, as the cluster's agent reported it last.",
      "With spec.dryRun: true in the work, what applying it would change."
    })
final class DiffCommand implements Runnable {
  @Mixin private HubAccess hub = new HubAccess();

  @Parameters(paramLabel = "NAME", description = "The work.")
  private String name = "";

  @Option(
      names = {"-n", "--cluster"},
      required = true,
      paramLabel = "CLUSTER",
      description = "The cluster, which is the work's namespace.")
  private String cluster = "";

  @Override
  public void run() {
    hub.use((host, client, config) -> {
      var work =
          Codec.decode(
              client.get(ResourceType.of(ManifestWork.class), Key.of(cluster, name)),
              ManifestWork.class);
      lines(work).forEach(System.out::println);
    });
  }

  /// One line for each manifest, and its differences. Pure.
  static List<String> lines(ManifestWork work) {
    var lines = new ArrayList<String>();
    var resources = work.status().resourceStatus();
    var applied = Condition.find(work.status().conditions(), ManifestWork.APPLIED).orElse(null);
    if (resources == null || applied == null) {
      lines.add("the agent has not reported on this work yet");
      return lines;
    }
    if (!Objects.equals(applied.observedGeneration(), work.metadata().generation())) {
      lines.add(
          "the agent has not reported on the work's present state yet; this is the last one:");
    }
    for (var manifest : resources.manifests()) {
      var meta = manifest.resourceMeta();
      var namespace = meta.namespace();
      var object =
          meta.kind()
              + " "
              + (namespace == null || namespace.isEmpty() ? "" : namespace + "/")
              + meta.name();
      lines.add(object + ": " + state(manifest.conditions()));
    }
    return lines;
  }

  private static String state(List<Condition> conditions) {
    var applied = Condition.find(conditions, ManifestWork.APPLIED).orElse(null);
    var inSync = Condition.find(conditions, WorkStatus.IN_SYNC).orElse(null);
    if (applied != null && !applied.isTrue()) {
      return applied.reason().equals(WorkStatus.DRY_RUN)
          ? applied.message()
          : "not applied: " + applied.message();
    }
    if (inSync != null && !inSync.isTrue()) {
      return "differs: " + inSync.message().replace("; ", "\n    ");
    }
    return Condition.isTrue(conditions, ManifestWork.AVAILABLE) ? "as wanted" : "not there";
  }
}
