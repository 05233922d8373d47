package io.nave.applications;

import io.nave.api.ApiObject;
import io.nave.api.Meta;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestOptions;
import io.nave.work.ManifestWork;
import io.nave.work.StatusFeedback;
import io.nave.work.WorkStatus;
import java.util.ArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What a cluster's agent would report about a work, by the code that agents use.
final class FakeAgent {
  private FakeAgent() {}

  /// The work as stored, before an agent saw it.
  static ManifestWork stored(ManifestWork work, long generation) {
    var m = work.metadata();
    var meta =
        new Meta(
            m.name(),
            "",
            m.namespace(),
            "uid-" + m.namespace(),
            "1",
            generation,
            null,
            null,
            m.labels(),
            m.annotations(),
            m.finalizers(),
            m.ownerReferences());
    return new ManifestWork(meta, work.spec(), work.status());
  }

  /// Every manifest applied; `live` turns each into what the cluster holds.
  static ManifestWork reported(ManifestWork stored, Function<ObjectNode, ObjectNode> live) {
    return reported(stored, live, _ -> null);
  }

  /// @param refusal why the cluster refuses a manifest; null: it does not
  static ManifestWork reported(
      ManifestWork stored,
      Function<ObjectNode, ObjectNode> live,
      Function<ManifestIdentity, @Nullable String> refusal) {
    var outcomes = new ArrayList<WorkStatus.Outcome>();
    var ordinal = 0;
    for (var manifest : Works.manifests(stored)) {
      var id = ManifestIdentity.of(manifest);
      var plural = ObjectKinds.plural(id.kind());
      var options =
          ManifestOptions.of(
              stored.spec().manifestConfigs(), id.group(), plural, id.namespace(), id.name());
      var error = refusal.apply(id);
      var feedback =
          error == null && !options.feedbackRules().isEmpty()
              ? StatusFeedback.read(
                  ApiObject.of(live.apply((ObjectNode) manifest.deepCopy())),
                  options.feedbackRules())
              : null;
      outcomes.add(
          new WorkStatus.Outcome(
              new ManifestWork.ResourceMeta(
                  ordinal++,
                  id.group(),
                  id.version(),
                  id.kind(),
                  plural,
                  id.name(),
                  id.namespace()),
              error == null ? WorkStatus.applied() : WorkStatus.notApplied(error),
              error == null ? WorkStatus.available() : WorkStatus.notAvailable(),
              feedback,
              feedback == null ? null : feedback.condition(options.feedbackRules())));
    }
    return new ManifestWork(
        stored.metadata(),
        stored.spec(),
        WorkStatus.after(stored.status(), stored.metadata().generation(), outcomes, Samples.NOW));
  }

  /// A Deployment whose rollout is complete; other kinds as they are.
  static ObjectNode rolledOut(ObjectNode object) {
    return deployment(object, object.path("spec").path("replicas").asInt(1));
  }

  /// A Deployment with so many pods ready.
  static ObjectNode deployment(ObjectNode object, int ready) {
    object.withObjectProperty("metadata").put("generation", 1);
    if (object.path("kind").asString("").equals("Deployment")) {
      var replicas = object.path("spec").path("replicas").asInt(1);
      object.withObjectProperty("spec").put("replicas", replicas);
      var status = object.withObjectProperty("status").put("observedGeneration", 1);
      status.put("replicas", replicas).put("updatedReplicas", replicas);
      if (ready > 0) {
        status.put("readyReplicas", ready);
      }
    }
    return object;
  }
}
