package io.nave.applications;

import io.nave.api.cel.CelFault;
import io.nave.applications.Blueprint.Bound;
import io.nave.applications.Rendered.Piece;
import io.nave.applications.api.Application.Component;
import io.nave.applications.api.Application.Service;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Definition;
import io.nave.applications.definitions.LivePath;
import io.nave.applications.workflow.Parameters;
import io.nave.applications.workflow.ValueFrom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One target's turn in a delivery: which components it may have now. A component comes when those
/// it depends on are healthy there, and the values it takes are published there (spec §11.16); what
/// a cluster has been told already is not taken back when one of them falls ill.
///
/// @param ready what the target is to have
/// @param services how each component is, those that wait too
/// @param waiting of `services`, those of components that cannot come yet
record Turn(Target target, List<Rendered> ready, List<Service> services, List<Service> waiting) {

  static Turn of(Site site, Blueprint blueprint, Target target) {
    return new Walk(site, target).over(blueprint.components());
  }

  /// The same, with what outputs read of it fed back.
  Turn watching(List<WorkflowStep.Output> outputs) {
    return outputs.isEmpty()
        ? this
        : new Turn(
            target, ready.stream().map(one -> watched(one, outputs)).toList(), services, waiting);
  }

  /// Whether the cluster has been told some of it.
  boolean begun(Present present) {
    return ready.stream().anyMatch(present::stands);
  }

  boolean healthy() {
    return waiting.isEmpty() && services.stream().allMatch(Service::healthy);
  }

  private static final class Walk {
    private final Site site;
    private final Target target;
    private final Map<String, Component> written = new HashMap<>(); // looked up only
    private final Set<String> here = new HashSet<>(); // looked up only
    private final Map<String, JsonNode> values = new LinkedHashMap<>();
    private final Map<String, Boolean> healthy = new HashMap<>(); // looked up only
    private final List<Rendered> ready = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();
    private final List<Service> waiting = new ArrayList<>();

    Walk(Site site, Target target) {
      this.site = site;
      this.target = target;
      site.application().spec().components().forEach(c -> written.put(c.name(), c));
    }

    Turn over(List<Bound> components) {
      components.forEach(component -> here.add(component.name()));
      var left = new ArrayList<>(components);
      var before = -1;
      while (before != left.size()) {
        before = left.size();
        left.removeIf(component -> obstacle(component).isEmpty() && come(component));
      }
      for (var component : left) {
        stay(component, obstacle(component).orElse("waits"));
      }
      return new Turn(target, List.copyOf(ready), List.copyOf(services), List.copyOf(waiting));
    }

    private List<String> dependencies(Bound component) {
      var its = written.get(component.name());
      return its == null ? List.of() : its.dependsOn();
    }

    private List<WorkflowStep.Input> inputs(Bound component) {
      var its = written.get(component.name());
      return its == null ? List.of() : its.inputs();
    }

    /// Why the component cannot come yet.
    private Optional<String> obstacle(Bound component) {
      for (var input : inputs(component)) {
        if (value(input.from()).isEmpty()) {
          return Optional.of("waits for the value " + input.from());
        }
      }
      for (var needed : dependencies(component)) {
        if (here.contains(needed) && !Boolean.TRUE.equals(healthy.get(needed))) {
          return Optional.of("waits until component " + needed + " is healthy");
        }
      }
      return Optional.empty();
    }

    private Optional<JsonNode> value(String name) {
      var own = values.get(name);
      return own != null ? Optional.of(own) : site.output(name);
    }

    private boolean come(Bound component) {
      var staged = Staging.of(rendered(component), site.present());
      add(staged);
      if (!staged.withheld().isEmpty()) {
        waiting.add(site.present().health(staged));
      }
      return true;
    }

    private Rendered rendered(Bound component) {
      var plain = site.renderer().render(filled(component), target);
      var its = written.get(component.name());
      return its == null ? plain : watched(plain, its.outputs());
    }

    private void add(Rendered rendered) {
      ready.add(rendered);
      var service = site.present().health(rendered);
      services.add(service);
      healthy.merge(rendered.component().name(), service.healthy(), Boolean::logicalAnd);
      var its = written.get(rendered.component().name());
      if (its != null && !its.outputs().isEmpty()) {
        publish(rendered, its.outputs());
      }
    }

    /// A component that may not come, unless it is there already as it should be.
    private void stay(Bound component, String why) {
      if (inputs(component).stream().allMatch(input -> value(input.from()).isPresent())) {
        var rendered = rendered(component);
        if (site.present().stands(rendered)) {
          add(rendered);
          return;
        }
      }
      var service =
          new Service(
              component.name(),
              target.namespace(),
              target.cluster(),
              target.env().isEmpty() ? null : target.env(),
              null,
              false,
              false,
              why,
              Map.of(),
              List.of());
      waiting.add(service);
      services.add(service);
    }

    private Bound filled(Bound component) {
      if (inputs(component).isEmpty()) {
        return component;
      }
      var inputs = inputs(component);
      var label = "component \"" + component.name() + "\"";
      var own = TraitInput.own(inputs, component.traits().size());
      var traits = new ArrayList<Blueprint.BoundTrait>();
      for (var i = 0; i < component.traits().size(); i++) {
        var trait = component.traits().get(i);
        var into = TraitInput.into(i, inputs);
        traits.add(
            new Blueprint.BoundTrait(
                trait.type(),
                trait.definition(),
                filled(component, trait.definition(), trait.parameter(), into, label)));
      }
      return component
          .with(filled(component, component.definition(), component.parameter(), own, label))
          .with(traits);
    }

    private ObjectNode filled(
        Bound component,
        Definition definition,
        ObjectNode parameter,
        List<WorkflowStep.Input> inputs,
        String label) {
      if (inputs.isEmpty()) {
        return parameter;
      }
      var properties = parameter.deepCopy();
      inputs.forEach(input -> put(component, properties, input));
      var checked = definition.check(properties, label);
      if (!checked.faults().isEmpty()) {
        throw new Refusal(Stage.RENDER, Progress.text(checked.faults()));
      }
      return checked.value();
    }

    private void put(Bound component, ObjectNode properties, WorkflowStep.Input input) {
      var key = input.parameterKey();
      if (key == null || key.isEmpty()) {
        return;
      }
      try {
        Parameters.put(properties, key, value(input.from()).orElseThrow().deepCopy());
      } catch (IllegalArgumentException e) {
        throw new Refusal(
            Stage.RENDER, "component \"" + component.name() + "\": " + e.getMessage());
      }
    }

    private void publish(Rendered rendered, List<WorkflowStep.Output> outputs) {
      var live = site.present().live(rendered);
      for (var output : outputs) {
        try {
          ValueFrom.parse(output.valueFrom())
              .value(live)
              .ifPresent(value -> {
                values.put(output.name(), value);
                site.publish(output.name(), value);
              });
        } catch (CelFault e) {
          throw new Refusal(
              Stage.RENDER,
              "component \"%s\": output %s: %s"
                  .formatted(rendered.component().name(), output.name(), e.getMessage()));
        }
      }
    }
  }

  /// The same with what its outputs read fed back.
  static Rendered watched(Rendered rendered, List<WorkflowStep.Output> outputs) {
    var paths = new LinkedHashMap<String, TreeSet<LivePath>>();
    for (var output : outputs) {
      for (var path : ValueFrom.parse(output.valueFrom()).reads()) {
        read(path, paths);
      }
    }
    if (paths.isEmpty()) {
      return rendered;
    }
    var pieces = new ArrayList<Piece>();
    for (var piece : rendered.pieces()) {
      var more = paths.get(piece.key());
      pieces.add(
          more == null
              ? piece
              : new Piece(piece.owner(), piece.key(), piece.manifest(), merged(piece, more)));
    }
    return new Rendered(
        rendered.component(), rendered.target(), rendered.context(), pieces, rendered.withheld());
  }

  private static void read(List<String> path, Map<String, TreeSet<LivePath>> found) {
    var key = key(path);
    var rest = path.subList(key == null ? 0 : key.equals(Definition.MAIN) ? 1 : 2, path.size());
    if (key == null || rest.isEmpty()) {
      return;
    }
    var fields = rest.stream().map(step -> step.matches("\\d+") ? "[" + step + "]" : step).toList();
    found.computeIfAbsent(key, _ -> new TreeSet<>()).add(LivePath.field(fields));
  }

  private static @Nullable String key(List<String> path) {
    return switch (path.getFirst()) {
      case "output" -> Definition.MAIN;
      case "outputs" -> path.size() > 1 ? path.get(1) : null;
      default -> null;
    };
  }

  /// What the manifest says itself need not come back.
  private static List<LivePath> merged(Piece piece, TreeSet<LivePath> more) {
    var all = new TreeSet<>(piece.live());
    for (var path : more) {
      JsonNode at = piece.manifest();
      for (var field : path.fields()) {
        at = at.path(field);
      }
      if (at.isMissingNode()) {
        all.add(path);
      }
    }
    return List.copyOf(all);
  }
}
