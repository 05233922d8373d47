package io.nave.applications;

import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Meta;
import io.nave.applications.ApplicationReconciler.Change;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.DefinitionRevision;
import io.nave.applications.api.Policy;
import io.nave.applications.api.Workflow;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.Definitions;
import io.nave.applications.definitions.Role;
import io.nave.applications.workflow.Hand;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A hub with one application, for tests of many passes: what a pass wants written is stored, and
/// agents report when they are told to. Status goes through JSON between passes. Where a pass says
/// that a look at its own writes is not needed, that is held against what it brings.
final class FakeHub {
  final Map<Key, ManifestWork> works = new TreeMap<>();
  final Map<Key, ApplicationRevision> revisions = new TreeMap<>();
  final Map<String, Workflow> workflows = new HashMap<>();
  final Map<String, Policy> policies = new HashMap<>();
  final Map<Key, Application> others = new HashMap<>();
  final Map<Key, DefinitionRevision> keptDefinitions = new TreeMap<>();
  final Map<String, String> secrets = new HashMap<>(); // by name/key
  final Map<String, ObjectNode> objects = new HashMap<>(); // by reference
  final List<Outside.Question> questions = new ArrayList<>();
  int answer = 200;
  Definitions definitions = Samples.DEFINITIONS;
  boolean keptAreThere = true;

  private final ApplicationReconciler.Types types =
      new ApplicationReconciler.Types() {
        @Override
        public Definitions of(Application application) {
          return definitions;
        }

        @Override
        public Optional<Definition> kept(Role role, Key definitionRevision) {
          return Optional.ofNullable(keptDefinitions.get(definitionRevision))
              .filter(_ -> keptAreThere)
              .map(kept -> Json.tree(kept.spec()).path(role.revisionField()))
              .map(manifest -> Definitions.read((ObjectNode) manifest));
        }
      };
  Fleet fleet;
  Application application;
  Instant now = Samples.NOW;
  Change last;
  private long generation = 1;

  FakeHub(Application application, Fleet fleet) {
    this.application = application;
    this.fleet = fleet;
    last = Change.ofStatus(application.status());
  }

  Scene scene() {
    var meta = application.metadata();
    return new Scene(
        fleet,
        types.of(application),
        name -> Optional.ofNullable(workflows.get(name)),
        name -> Optional.ofNullable(policies.get(name)),
        number ->
            Optional.ofNullable(
                revisions.get(Key.of(meta.namespace(), meta.name() + "-v" + number))),
        types,
        new Outside() {
          @Override
          public Optional<Application> application(Key key) {
            return Optional.ofNullable(others.get(key));
          }

          @Override
          public Optional<String> secret(String name, String key) {
            return Optional.ofNullable(secrets.get(name + "/" + key));
          }

          @Override
          public Optional<ObjectNode> object(Reference reference) {
            return Optional.ofNullable(objects.get(reference.toString()));
          }

          @Override
          public Optional<Answer> ask(String id, Question question) {
            questions.add(question);
            return Optional.of(new Answer(answer, "{\"asked\": \"" + question.url() + "\"}"));
          }
        },
        now);
  }

  /// Passes until nothing is left to write.
  FakeHub settle() {
    var foreseen = false;
    for (var i = 0; i < 50; i++) {
      last = ApplicationReconciler.decide(application, List.copyOf(works.values()), scene());
      if (last.nothing(application.status())) {
        return this;
      }
      if (foreseen) {
        throw new AssertionError("a look at one's own writes brings more: " + last);
      }
      foreseen =
          !(last.create().isEmpty() && last.update().isEmpty())
              && OwnWrites.isFinal(application, List.copyOf(works.values()), last);
      store(last);
    }
    throw new AssertionError("writes in every pass; the last: " + last);
  }

  private void store(Change change) {
    change.create().forEach(work -> works.put(work.key(), FakeAgent.stored(work, 1)));
    for (var work : change.update()) {
      var old = works.get(work.key());
      var next = FakeAgent.stored(work, old == null ? 1 : old.metadata().generation() + 1);
      works.put(
          work.key(),
          new ManifestWork(
              next.metadata(), next.spec(), old == null ? next.status() : old.status()));
    }
    change.delete().forEach(work -> works.remove(work.key()));
    var created = change.revising().create();
    if (created != null) {
      revisions.put(created.key(), Codec.decode(Json.tree(created), ApplicationRevision.class));
    }
    change.revising().keep().forEach(kept -> keptDefinitions.put(kept.key(), kept));
    change.revising().delete().forEach(revisions::remove);
    var annotations = new TreeMap<>(application.metadata().annotations());
    change.annotating().remove().forEach(annotations::remove);
    if (change.annotating().restart() != null) {
      annotations.put(Hands.RESTART, change.annotating().restart());
    }
    application =
        new Application(
            application.metadata().withAnnotations(annotations),
            application.spec(),
            Codec.decode(Json.tree(change.status()), Application.Status.class));
  }

  /// Every agent rolls out what it was told.
  FakeHub report() {
    return report(FakeAgent::rolledOut, _ -> null);
  }

  FakeHub report(String... clusters) {
    for (var cluster : clusters) {
      report(cluster, FakeAgent::rolledOut, _ -> null);
    }
    return settle();
  }

  FakeHub report(
      Function<ObjectNode, ObjectNode> live, Function<ManifestIdentity, @Nullable String> refusal) {
    works.values().stream()
        .map(work -> work.metadata().namespace())
        .distinct()
        .toList()
        .forEach(cluster -> report(cluster, live, refusal));
    return settle();
  }

  void report(
      String cluster,
      Function<ObjectNode, ObjectNode> live,
      Function<ManifestIdentity, @Nullable String> refusal) {
    works.replaceAll((_, work) ->
        work.metadata().namespace().equals(cluster)
            ? FakeAgent.reported(work, live, refusal)
            : work);
  }

  FakeHub after(Duration time) {
    now = now.plus(time);
    return settle();
  }

  FakeHub annotate(String key, String value) {
    var annotations = new TreeMap<>(application.metadata().annotations());
    annotations.put(key, value);
    application =
        new Application(
            application.metadata().withAnnotations(annotations),
            application.spec(),
            application.status());
    return this;
  }

  /// Someone asks for something, as stamped at the door.
  FakeHub hand(String text, String by) {
    if (Hand.parse(text).isEmpty()) {
      throw new AssertionError(text);
    }
    now = now.plusSeconds(1); // no two acts are stamped the same
    return annotate(Hands.ASKED, text).annotate(Hands.BY, now + " " + by).settle();
  }

  /// Another spec.
  FakeHub edit(String spec) {
    generation++;
    var m = application.metadata();
    var meta =
        new Meta(
            m.name(),
            "",
            m.namespace(),
            m.uid(),
            "1",
            generation,
            null,
            null,
            m.labels(),
            m.annotations(),
            m.finalizers(),
            m.ownerReferences());
    application = new Application(meta, Samples.web(spec).spec(), application.status());
    return this;
  }

  List<String> clusters() {
    return works.keySet().stream().map(Key::namespace).distinct().toList();
  }

  /// The images a cluster has been told to run.
  List<String> images(String cluster) {
    return works.values().stream()
        .filter(work -> work.metadata().namespace().equals(cluster))
        .flatMap(work -> Works.manifests(work).stream())
        .map(manifest -> manifest.at("/spec/template/spec/containers/0/image").asString(""))
        .filter(image -> !image.isEmpty())
        .toList();
  }

  List<String> names(String cluster) {
    return works.values().stream()
        .filter(work -> work.metadata().namespace().equals(cluster))
        .flatMap(work -> Works.manifests(work).stream())
        .map(manifest ->
            manifest.at("/kind").asString("") + "/" + manifest.at("/metadata/name").asString(""))
        .filter(name -> !name.startsWith("Namespace/"))
        .toList();
  }

  String phase() {
    return String.valueOf(application.status().status());
  }

  String step(String name) {
    var run = application.status().workflow();
    return run == null
        ? ""
        : run.find(name).map(step -> step.phase() + ": " + step.message()).orElse("");
  }
}
