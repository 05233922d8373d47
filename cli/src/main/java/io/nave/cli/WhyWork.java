package io.nave.cli;

import io.nave.api.Condition;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestWork;
import io.nave.work.WorkReasons;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Why a work is not ready in its cluster: what hub and agent know, each with cause and next step.
/// Pure.
final class WhyWork {
  /// Most manifests that one screen shows.
  static final int MANIFESTS_MAX = 6;

  /// One thing that stands in the way.
  ///
  /// @param about which object; empty for the work as a whole
  record Finding(String about, String reason, String message, String cause, String next) {}

  private final String cluster;
  private final String work;
  private final List<Finding> findings = new ArrayList<>();

  private WhyWork(String cluster, String work) {
    this.cluster = cluster;
    this.work = work;
  }

  /// All that stands in the way, the outermost first; empty when nothing does.
  static List<Finding> findings(
      String cluster, String name, @Nullable ManagedCluster managed, @Nullable ManifestWork work) {
    var why = new WhyWork(cluster, name);
    why.cluster(managed);
    why.work(work);
    return List.copyOf(why.findings);
  }

  private void cluster(@Nullable ManagedCluster managed) {
    if (managed == null) {
      add("", "NoSuchCluster", "", null);
      return;
    }
    var conditions = managed.status().conditions();
    if (!managed.accepted()) {
      add("", "ClusterNotAccepted", "", null);
    } else if (!Condition.isTrue(conditions, ManagedCluster.JOINED)) {
      add("", "ClusterNotJoined", "", null);
    } else {
      Condition.find(conditions, ManagedCluster.AVAILABLE)
          .filter(available -> !available.isTrue())
          .ifPresent(available -> add("", "ClusterUnavailable", available.message(), null));
    }
  }

  private void work(@Nullable ManifestWork found) {
    if (found == null) {
      add("", "NoSuchWork", "", null);
      return;
    }
    var conditions = found.status().conditions();
    if (found.metadata().deleting()) {
      add("", "WorkDeleting", "", null);
    } else if (!found.metadata().finalizers().contains(ManifestWork.FINALIZER)) {
      add("", "NotSeenByAgent", "", null);
      return;
    } else if (isBehind(found)) {
      add("", "NotYetApplied", "", null);
    }
    conditions.forEach(condition -> bad("", condition, null));
    var resources = found.status().resourceStatus();
    if (resources != null) {
      resources.manifests().forEach(this::manifest);
    }
  }

  /// Whether the agent has not said anything about the present generation.
  private static boolean isBehind(ManifestWork work) {
    return Condition.find(work.status().conditions(), ManifestWork.APPLIED)
        .filter(c -> Objects.equals(c.observedGeneration(), work.metadata().generation()))
        .isEmpty();
  }

  private void manifest(ManifestWork.ManifestStatus manifest) {
    var meta = manifest.resourceMeta();
    var namespace = meta.namespace();
    var about =
        "manifest %d: %s %s%s"
            .formatted(
                meta.ordinal(),
                meta.kind(),
                namespace == null || namespace.isEmpty() ? "" : namespace + "/",
                meta.name());
    manifest.conditions().forEach(condition -> bad(about, condition, meta));
  }

  private void bad(String about, Condition condition, ManifestWork.@Nullable ResourceMeta meta) {
    if (!isGood(condition)) {
      add(about, condition.reason(), condition.message(), meta);
    }
  }

  /// Progressing and Degraded are good when False, all others when True.
  private static boolean isGood(Condition condition) {
    return switch (condition.type()) {
      case ManifestWork.PROGRESSING, ManifestWork.DEGRADED -> condition.status().equals("False");
      case ManifestWork.COMPLETE -> true;
      case "Deleting" -> true;
      default -> condition.isTrue();
    };
  }

  private void add(
      String about, String reason, String message, ManifestWork.@Nullable ResourceMeta meta) {
    var explained = WorkReasons.of(reason, message).orElse(null);
    findings.add(
        new Finding(
            about,
            reason,
            message,
            explained == null ? "" : explained.cause(),
            explained == null ? "" : filled(explained.next(), meta)));
  }

  private String filled(String next, ManifestWork.@Nullable ResourceMeta meta) {
    var kind = meta == null ? "" : orEmpty(meta.resource());
    return next.replace("{work}", work)
        .replace("{cluster}", cluster)
        .replace("{kind}", kind.isEmpty() && meta != null ? orEmpty(meta.kind()) : kind)
        .replace("{namespace}", meta == null ? cluster : orEmpty(meta.namespace()))
        .replace("{name}", meta == null ? work : orEmpty(meta.name()));
  }

  /// As one screen.
  static List<String> lines(String cluster, String work, List<Finding> findings) {
    var lines = new ArrayList<String>();
    if (findings.isEmpty()) {
      lines.add("work %s is ready in cluster %s".formatted(work, cluster));
      return lines;
    }
    lines.add("work %s is not ready in cluster %s".formatted(work, cluster));
    var shown = new TreeSet<String>();
    var left = new TreeSet<String>();
    for (var finding : findings) {
      if (!finding.about().isEmpty()
          && !shown.contains(finding.about())
          && shown.size() >= MANIFESTS_MAX) {
        left.add(finding.about());
        continue;
      }
      if (!finding.about().isEmpty() && shown.add(finding.about())) {
        lines.add("");
        lines.add("  " + finding.about());
      } else if (finding.about().isEmpty()) {
        lines.add("");
      }
      var message = finding.message();
      lines.add("    " + finding.reason() + (message.isEmpty() ? "" : ": " + shortened(message)));
      if (!finding.cause().isEmpty()) {
        lines.add("      cause: " + finding.cause());
        lines.add("      next:  " + finding.next());
      }
    }
    if (!left.isEmpty()) {
      lines.add("");
      lines.add("  and " + left.size() + " more manifests");
    }
    return lines;
  }

  private static String shortened(String message) {
    return message.length() <= 400 ? message : message.substring(0, 400) + "...";
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
