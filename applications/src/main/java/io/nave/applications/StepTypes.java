package io.nave.applications;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The types of workflow steps that this version executes, each by the action of its kind.
final class StepTypes {
  /// Deliver components; they mean nothing without an Application.
  static final List<String> DELIVERING =
      List.of(
          "apply-application",
          "apply-application-in-parallel",
          "apply-component",
          "apply-remaining",
          Steps.DEPLOY,
          "deploy2env",
          "deploy2runtime");

  /// Deliver objects of their own.
  static final List<String> WRITING =
      List.of(
          "apply-deployment",
          "apply-object",
          "export-data",
          "export-service",
          "export2config",
          "export2secret");

  /// Deliver nothing.
  static final List<String> OTHER =
      List.of(
          "collect-service-endpoints",
          "depends-on-app",
          "generate-jdbc-connection",
          "notification",
          "print-message-in-status",
          "read-object",
          "request",
          "restart-workflow",
          "step-group",
          "suspend",
          "webhook");

  private static final List<String> ALL =
      Stream.of(DELIVERING, WRITING, OTHER).flatMap(List::stream).sorted().toList();

  /// Those of KubeVela's core chart that are not executed, with the reason and what to do instead.
  private static final Map<String, String> REFUSED = new TreeMap<>();

  static {
    var controller =
        "needs a controller that runs beside the hub, and this hub runs nothing itself; ";
    var terraform =
        controller
            + "deliver a Configuration as a k8s-objects component to a cluster that runs one";
    for (var type :
        List.of(
            "apply-terraform-config",
            "apply-terraform-provider",
            "deploy-cloud-resource",
            "share-cloud-resource")) {
      REFUSED.put(type, terraform);
    }
    REFUSED.put(
        "build-push-image",
        "runs a Pod beside the hub, and this hub runs nothing itself; build where the source is, or"
            + " deliver a task component that builds");
    REFUSED.put(
        "vela-cli",
        "runs a Job beside the hub, and this hub runs nothing itself; use the steps deploy,"
            + " suspend and restart-workflow, or nave app");
    REFUSED.put(
        "clean-jobs",
        "deletes by label, and clusters pull what they are to have: no work can name what it does"
            + " not know; give the Jobs ttlSecondsAfterFinished");
    REFUSED.put(
        "check-metrics",
        "asks Prometheus, which this version does not; use a request step on its query API, and `if`"
            + " on what it answers");
    for (var type : List.of("create-config", "read-config", "list-config", "delete-config")) {
      REFUSED.put(
          type,
          "means configs made from CUE templates, which this hub does not read; use export2secret,"
              + " export-data, or a ref-objects component");
    }
  }

  private StepTypes() {}

  /// Why a type is not executed that KubeVela knows, and what to do instead.
  static Optional<String> refused(String type) {
    return Optional.ofNullable(REFUSED.get(type));
  }

  /// Those that mean something without an Application, sorted.
  static List<String> inRuns() {
    var application =
        List.of("collect-service-endpoints", "export-data", "export-service", "restart-workflow");
    return ALL.stream()
        .filter(type -> !DELIVERING.contains(type) && !application.contains(type))
        .toList();
  }

  /// All of them, sorted.
  static List<String> supported() {
    return ALL;
  }
}
