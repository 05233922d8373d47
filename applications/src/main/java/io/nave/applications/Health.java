package io.nave.applications;

import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.applications.Rendered.Piece;
import io.nave.applications.api.Application.Service;
import io.nave.applications.api.Application.TraitStatus;
import io.nave.applications.api.Application.WorkloadDefinition;
import io.nave.applications.definitions.Definition;
import io.nave.registration.api.ManagedCluster;
import io.nave.work.ManifestIdentity;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWork.FieldValue;
import io.nave.work.ManifestWork.ManifestStatus;
import io.nave.work.ManifestWork.ResourceMeta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Judges components by what the works of their clusters say (spec §8). Pure.
final class Health {
  private final Map<String, List<ManifestWork>> works = new HashMap<>(); // looked up only
  private final Fleet fleet;

  /// @param standing only works that say what is desired now; what others report is about something
  ///   else
  Health(List<ManifestWork> standing, Fleet fleet) {
    standing.forEach(work ->
        works.computeIfAbsent(work.metadata().namespace(), _ -> new ArrayList<>()).add(work));
    this.fleet = fleet;
  }

  /// One component on one cluster.
  Service of(Rendered rendered) {
    var reports = reports(rendered.target().cluster());
    var refused = refused(rendered, reports);
    if (refused.isPresent()) {
      return service(rendered, new Definition.Health(false, refused.get()), List.of());
    }
    var told = rendered.pieces().getFirst().manifest();
    if (!reports.containsKey(ManifestIdentity.of(told))) {
      return service(rendered, new Definition.Health(false, waiting(rendered)), List.of());
    }
    return judged(rendered, reports);
  }

  /// What was rendered, with what its cluster said last laid over it: `output` and `outputs`. What
  /// it said before the work changed counts until it says something else: a value once published
  /// does not vanish because another object joins the work.
  ObjectNode live(Rendered rendered) {
    var reports = new LinkedHashMap<ManifestIdentity, ManifestStatus>();
    works
        .getOrDefault(rendered.target().cluster(), List.of())
        .forEach(work -> reports.putAll(reports(work)));
    var live = Json.object();
    var outputs = live.putObject("outputs");
    for (var piece : rendered.pieces()) {
      if (piece.key().equals(Definition.MAIN)) {
        live.set("output", live(piece, reports));
      } else {
        outputs.set(piece.key(), live(piece, reports));
      }
    }
    return live;
  }

  /// Whether its cluster has all of it, as it is now.
  boolean applied(Rendered rendered) {
    var reports = reports(rendered.target().cluster());
    return rendered.pieces().stream()
        .map(piece -> reports.get(ManifestIdentity.of(piece.manifest())))
        .allMatch(status ->
            status != null && Condition.isTrue(status.conditions(), ManifestWork.APPLIED));
  }

  /// Whether its main object is there; empty while its cluster has not said.
  Optional<Boolean> seen(Rendered rendered) {
    var status = reports(rendered.target().cluster()).get(ManifestIdentity.of(rendered.main()));
    return Optional.ofNullable(status)
        .flatMap(there -> Condition.find(there.conditions(), ManifestWork.AVAILABLE))
        .map(Condition::isTrue);
  }

  private Map<ManifestIdentity, ManifestStatus> reports(String cluster) {
    var reports = new LinkedHashMap<ManifestIdentity, ManifestStatus>();
    works.getOrDefault(cluster, List.of()).stream()
        .filter(Health::isCurrent)
        .forEach(work -> reports.putAll(reports(work)));
    return reports;
  }

  /// Whether the agent has looked at the work as it is now.
  private static boolean isCurrent(ManifestWork work) {
    var applied = Condition.find(work.status().conditions(), ManifestWork.APPLIED).orElse(null);
    if (applied == null) {
      return false;
    }
    var seen = applied.observedGeneration();
    return seen == null || seen == 0 || seen == work.metadata().generation();
  }

  private static Map<ManifestIdentity, ManifestStatus> reports(ManifestWork work) {
    var reports = new LinkedHashMap<ManifestIdentity, ManifestStatus>();
    var resources = work.status().resourceStatus();
    for (var status : resources == null ? List.<ManifestStatus>of() : resources.manifests()) {
      reports.put(identity(status.resourceMeta()), status);
    }
    return reports;
  }

  /// Which object a report is about.
  static ManifestIdentity identity(ResourceMeta meta) {
    var group = orEmpty(meta.group());
    var version = orEmpty(meta.version());
    return new ManifestIdentity(
        group.isEmpty() ? version : group + "/" + version,
        orEmpty(meta.kind()),
        orEmpty(meta.namespace()),
        orEmpty(meta.name()));
  }

  private String waiting(Rendered rendered) {
    var name = rendered.target().cluster();
    var text = "waiting for cluster " + name + " to report";
    return unavailable(name).map(why -> text + "; " + why).orElse(text);
  }

  private Optional<String> unavailable(String name) {
    return fleet
        .cluster(name)
        .flatMap(cluster -> Condition.find(cluster.status().conditions(), ManagedCluster.AVAILABLE))
        .filter(condition -> !condition.isTrue())
        .map(condition -> "it is not available: " + condition.message());
  }

  /// The namespace of a component is a manifest of its work too, though no piece of it.
  private static Optional<String> refused(
      Rendered rendered, Map<ManifestIdentity, ManifestStatus> reports) {
    var identities = new ArrayList<ManifestIdentity>();
    rendered.pieces().forEach(piece -> identities.add(ManifestIdentity.of(piece.manifest())));
    identities.add(new ManifestIdentity("v1", "Namespace", "", rendered.target().namespace()));
    for (var identity : identities) {
      var status = reports.get(identity);
      var applied =
          status == null
              ? Optional.<Condition>empty()
              : Condition.find(status.conditions(), ManifestWork.APPLIED);
      if (applied.isPresent() && !applied.get().isTrue()) {
        return Optional.of(
            identity.kind() + " " + identity.name() + ": " + applied.get().message());
      }
    }
    return Optional.empty();
  }

  private Service judged(Rendered rendered, Map<ManifestIdentity, ManifestStatus> reports) {
    var live = new LinkedHashMap<Piece, ObjectNode>();
    rendered.pieces().forEach(piece -> live.put(piece, live(piece, reports)));
    var component = rendered.component();
    var early = rendered.isWorkloadWithheld();
    var own =
        early
            ? new Definition.Health(false, "waits for its traits " + before(rendered))
            : workload(rendered, select(live, Rendered.COMPONENT));
    if (early) {
      rendered.withheld().forEach(piece -> live.put(piece, piece.manifest()));
    }
    var traits = new ArrayList<TraitStatus>();
    for (var i = 0; i < component.traits().size(); i++) {
      var trait = component.traits().get(i);
      if (isPending(rendered, i)) {
        traits.add(
            new TraitStatus(
                trait.type(), false, true, "waits until the workload is healthy", Map.of()));
        continue;
      }
      var health =
          trait.definition().health(trait.parameter(), rendered.context(), select(live, i));
      traits.add(
          new TraitStatus(
              trait.type(), health.healthy(), null, orNull(health.message()), health.details()));
    }
    return service(rendered, own, traits);
  }

  private static boolean isPending(Rendered rendered, int trait) {
    return rendered.withheld().stream().anyMatch(piece -> piece.owner() == trait);
  }

  /// The traits that are delivered before the workload.
  private static String before(Rendered rendered) {
    return rendered.pieces().stream()
        .map(piece -> rendered.component().traits().get(piece.owner()).type())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /// A workload that a trait renders is judged by that trait alone (spec §8.5).
  private static Definition.Health workload(Rendered rendered, Map<String, ObjectNode> live) {
    var component = rendered.component();
    return live.containsKey(Definition.MAIN)
        ? component.definition().health(component.parameter(), rendered.context(), live)
        : new Definition.Health(true, "");
  }

  /// What is desired, with the values that came back laid over it.
  private static ObjectNode live(Piece piece, Map<ManifestIdentity, ManifestStatus> reports) {
    var status = reports.get(ManifestIdentity.of(piece.manifest()));
    var feedback = status == null ? null : status.statusFeedback();
    if (feedback == null) {
      return piece.manifest();
    }
    var object = piece.manifest().deepCopy();
    for (var value : feedback.values()) {
      for (var path : piece.live()) {
        var node = json(value.fieldValue());
        if (path.name().equals(value.name()) && node != null) {
          path.put(object, node);
        }
      }
    }
    return object;
  }

  private static @Nullable JsonNode json(FieldValue value) {
    var nodes = JsonNodeFactory.instance;
    if (value.integer() != null) {
      return nodes.numberNode(value.integer());
    }
    if (value.bool() != null) {
      return nodes.booleanNode(value.bool());
    }
    return value.string() == null ? null : nodes.stringNode(value.string());
  }

  /// The main object and those of one owner, by key.
  private static Map<String, ObjectNode> select(Map<Piece, ObjectNode> live, int owner) {
    var selected = new LinkedHashMap<String, ObjectNode>();
    live.forEach((piece, object) -> {
      var main = piece.key().equals(Definition.MAIN);
      if (main || piece.owner() == owner) {
        selected.put(piece.key(), object);
      }
    });
    return selected;
  }

  private Service service(Rendered rendered, Definition.Health health, List<TraitStatus> traits) {
    var main = rendered.main();
    var message = health.message();
    for (var trait : traits) {
      message = message.isEmpty() ? orEmpty(trait.message()) : message;
    }
    return new Service(
        rendered.component().name(),
        rendered.target().namespace(),
        rendered.target().cluster(),
        orNull(rendered.target().env()),
        new WorkloadDefinition(
            main.path("apiVersion").asString(""), main.path("kind").asString("")),
        health.healthy() && traits.stream().noneMatch(TraitStatus::holdsUp),
        health.healthy(),
        orNull(message),
        health.details(),
        traits);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
