package io.nave.applications;

import io.nave.applications.api.Application;
import io.nave.applications.api.Application.Service;
import io.nave.applications.definitions.Definitions;
import io.nave.work.ManifestIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What the steps of one pass see, and what they want delivered. For one pass.
final class Site {
  private final Application application;
  private final Policies policies;
  private final Fleet fleet;
  private final Definitions definitions;
  private final Present present;
  private final Renderer renderer;
  private final Map<String, List<Rendered>> wanted = new LinkedHashMap<>(); // by step
  private final Map<List<String>, Delivery> deliveries = new HashMap<>(); // by policies
  private final List<Service> waiting = new ArrayList<>();
  private final Map<String, JsonNode> published = new LinkedHashMap<>();
  private Map<String, JsonNode> outputs = Map.of();
  private boolean complete = true;
  private @Nullable String restart;

  /// The revision that is delivered.
  record Revised(String name, long number) {}

  Site(
      Application application,
      Revised revised,
      Policies policies,
      Fleet fleet,
      Definitions definitions,
      Present present) {
    this.application = application;
    this.policies = policies;
    this.fleet = fleet;
    this.definitions = definitions;
    this.present = present;
    this.renderer = new Renderer(application, revised.name(), revised.number(), fleet);
  }

  Application application() {
    return application;
  }

  Definitions definitions() {
    return definitions;
  }

  Present present() {
    return present;
  }

  /// The policies of the application, and those beside it that it names.
  Policies policies() {
    return policies;
  }

  Fleet fleet() {
    return fleet;
  }

  Delivery delivery(Policies by) {
    return deliveries.computeIfAbsent(
        by.all().stream().map(Policies.Named::name).toList(),
        _ -> Delivery.of(application, by, fleet, definitions));
  }

  Renderer renderer() {
    return renderer;
  }

  /// What steps published so far in this run.
  void outputs(Map<String, JsonNode> now) {
    outputs = now;
  }

  Optional<JsonNode> output(String name) {
    return Optional.ofNullable(outputs.get(name));
  }

  /// What a step wants to be there. Replaces what an earlier step wanted of the same component in
  /// the same place.
  void want(String step, List<Rendered> rendered) {
    wanted.computeIfAbsent(step, _ -> new ArrayList<>()).addAll(rendered);
  }

  /// What steps before this one want, as [#wanted].
  List<Rendered> wantedSoFar() {
    return wanted(List.copyOf(wanted.keySet()));
  }

  /// The components that steps before this one deliver, by name.
  List<String> delivered() {
    return wanted.values().stream()
        .flatMap(List::stream)
        .map(rendered -> rendered.component().name())
        .distinct()
        .toList();
  }

  /// A component that cannot be delivered yet: what is in its place stays there.
  void await(Service service) {
    complete = false;
    waiting.add(service);
  }

  void publish(String name, JsonNode value) {
    published.putIfAbsent(name, value);
  }

  /// What components published, by name.
  Optional<JsonNode> published(String name) {
    return Optional.ofNullable(published.get(name));
  }

  /// Asks for a restart of the workflow, as the annotation says it.
  void restart(String when) {
    restart = when;
  }

  /// What a step wants written into the restart annotation.
  Optional<String> restart() {
    return Optional.ofNullable(restart);
  }

  /// What in the policies used so far had no effect.
  List<String> notices() {
    return deliveries.values().stream()
        .flatMap(delivery -> delivery.notices().stream())
        .distinct()
        .sorted()
        .toList();
  }

  List<Service> waiting() {
    return waiting;
  }

  /// Whether everything wanted could be rendered.
  boolean complete() {
    return complete;
  }

  /// All that is wanted, in the order of the steps; of the same component in the same place the
  /// last.
  List<Rendered> wanted(List<String> steps) {
    var last = new LinkedHashMap<List<String>, Rendered>();
    for (var step : steps) {
      for (var rendered : wanted.getOrDefault(step, List.of())) {
        var target = rendered.target();
        var main = ManifestIdentity.of(rendered.main());
        last.put(
            List.of(
                target.cluster(), target.namespace(), rendered.component().name(), main.toString()),
            rendered);
      }
    }
    return List.copyOf(last.values());
  }
}
