package io.nave.applications;

import io.nave.api.Json;
import io.nave.applications.api.Application.Service;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.workflow.Reasons;
import io.nave.applications.workflow.StepAction.Call;
import io.nave.applications.workflow.StepAction.StepResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/// The `deploy` step: components to the clusters that its policies choose (spec §11.16).
///
/// All clusters are told at once, unless the step writes `parallelism`: then no more than so many
/// are under way, told but not healthy, at a time. How far it got is read off the works: a cluster
/// is under way when a work tells it what it should have.
///
/// With `maxUnavailableClusters` a cluster that refuses what it is told gives its place to the next
/// one, and the step ends when more than so many refuse; without, it waits for them.
final class Deploying {
  /// Most clusters a message names.
  private static final int NAMED_MAX = 3;

  private final Site site;

  Deploying(Site site) {
    this.site = site;
  }

  StepResult run(Call call) {
    var parameter = call.parameter();
    if (!parameter.path("auto").asBoolean(true) && !call.approved()) {
      return new StepResult.Suspended("Waiting approval...", null);
    }
    var turns = turns(call.name(), parameter);
    var refused = turns.stream().filter(turn -> isRefused(turn)).toList();
    var bears = parameter.hasNonNull("maxUnavailableClusters");
    var most = bears ? amount(parameter.path("maxUnavailableClusters"), turns.size()) : 0;
    if (bears && refused.size() > most) {
      turns.stream().filter(turn -> turn.begun(site.present())).forEach(turn -> want(call, turn));
      return new StepResult.Ended(
          Reasons.ACTION,
          "%d of %d clusters failed, more than maxUnavailableClusters %d bears: %s"
              .formatted(refused.size(), turns.size(), most, named(refused)));
    }
    var open = tell(call, turns, bears ? refused : List.of());
    return open == 0 ? done(turns, refused) : new StepResult.Waiting(summary(turns));
  }

  /// Tells the clusters whose turn it is.
  ///
  /// @return how many are not done
  private int tell(Call call, List<Turn> turns, List<Turn> passedOver) {
    var limit = parallelism(call);
    var underWay = 0;
    for (var turn : turns) {
      if (turn.begun(site.present()) && !turn.healthy() && !passedOver.contains(turn)) {
        underWay++;
      }
    }
    var open = 0;
    for (var turn : turns) {
      var begun = turn.begun(site.present());
      if (begun || turn.ready().isEmpty() || underWay < limit) {
        underWay += begun || turn.healthy() ? 0 : 1;
        want(call, turn);
      } else {
        turn.services().forEach(service -> site.await(heldBack(service, limit)));
      }
      open += turn.healthy() || passedOver.contains(turn) ? 0 : 1;
    }
    return open;
  }

  private static Service heldBack(Service service, int limit) {
    return new Service(
        service.name(),
        service.namespace(),
        service.cluster(),
        service.env(),
        service.workloadDefinition(),
        false,
        false,
        "its turn has not come: parallelism is " + limit,
        service.details(),
        List.of());
  }

  /// What is written counts; the default of the schema is about something else: KubeVela applies to
  /// so many clusters at a time, without waiting for health.
  private static int parallelism(Call call) {
    return Steps.properties(call.step()).path("parallelism").asInt(Integer.MAX_VALUE);
  }

  private void want(Call call, Turn turn) {
    site.want(call.name(), turn.ready());
    turn.waiting().forEach(site::await);
  }

  /// A finished step: what it delivered stays delivered.
  void keep(String step, JsonNode parameter) {
    for (var turn : turns(step, parameter)) {
      site.want(step, turn.ready());
      turn.waiting().forEach(site::await);
    }
  }

  /// The steps that KubeVela deprecated, in the terms of `deploy` (spec §15): the whole
  /// application, what of it no earlier step delivered, an environment, or clusters by name.
  StepResult old(Call call) {
    List<Turn> turns;
    try {
      turns = old(call.step().type(), call.parameter());
    } catch (IllegalArgumentException e) {
      return new StepResult.Ended(Reasons.RENDERING, String.valueOf(e.getMessage()));
    }
    turns.forEach(turn -> want(call, turn));
    var waits = !call.step().type().equals("apply-application-in-parallel");
    return turns.stream().allMatch(turn -> turn.healthy() || (!waits && turn.waiting().isEmpty()))
        ? done(turns, List.of())
        : new StepResult.Waiting(summary(turns));
  }

  /// A finished one.
  void keepOld(String type, String step, JsonNode parameter) {
    for (var turn : old(type, parameter)) {
      site.want(step, turn.ready());
      turn.waiting().forEach(site::await);
    }
  }

  private List<Turn> old(String type, JsonNode parameter) {
    var policies = site.policies();
    var everywhere = new Policies(policies.ofType("topology"));
    return switch (type) {
      case "deploy2env" -> turns(site.delivery(EnvBinding.of(policies, parameter)), List.of());
      case "deploy2runtime" -> turns(site.delivery(EnvBinding.runtime(parameter)), List.of());
      case "apply-remaining" -> {
        var passed = new ArrayList<>(site.delivered());
        parameter.path("exceptions").forEach(name -> passed.add(name.asString("")));
        yield turns(site.delivery(everywhere), passed);
      }
      default -> turns(site.delivery(everywhere), List.of());
    };
  }

  private List<Turn> turns(Delivery delivery, List<String> without) {
    var all = delivery.blueprint();
    var some =
        new Blueprint(
            all.components().stream().filter(c -> !without.contains(c.name())).toList(),
            all.ignored(),
            all.faults(),
            all.unsupported());
    var turns = new ArrayList<Turn>();
    delivery.targets().forEach(target -> turns.add(Turn.of(site, some, target)));
    return turns;
  }

  /// The `apply-component` step: one component to one cluster.
  StepResult component(Call call) {
    List<Turn> turns;
    try {
      turns = one(call.parameter(), call.step().outputs());
    } catch (IllegalArgumentException e) {
      return new StepResult.Ended(Reasons.RENDERING, String.valueOf(e.getMessage()));
    }
    turns.forEach(turn -> want(call, turn));
    if (!turns.stream().allMatch(Turn::healthy)) {
      return new StepResult.Waiting(summary(turns));
    }
    return new StepResult.Done(site.present().live(turns.getFirst().ready().getFirst()), null);
  }

  /// A finished `apply-component` step.
  void keepComponent(WorkflowStep step, String name, JsonNode parameter) {
    for (var turn : one(parameter, step.outputs())) {
      site.want(name, turn.ready());
      turn.waiting().forEach(site::await);
    }
  }

  /// @param outputs of the step, which are fed back
  private List<Turn> one(JsonNode parameter, List<WorkflowStep.Output> outputs) {
    var name = parameter.path("component").asString("");
    var all = Blueprint.of(site.application(), site.definitions()).orRefuse();
    var mine = all.components().stream().filter(bound -> bound.name().equals(name)).toList();
    if (mine.isEmpty()) {
      throw new IllegalArgumentException(
          "component: there is no component \"%s\"; the components are %s"
              .formatted(name, all.components().stream().map(Blueprint.Bound::name).toList()));
    }
    var only = new Blueprint(mine, List.of(), List.of(), List.of());
    var turns = new ArrayList<Turn>();
    for (var target : new Places(site).cluster(parameter)) {
      turns.add(Turn.of(site, only, target).watching(outputs));
    }
    return turns;
  }

  private List<Turn> turns(String step, JsonNode parameter) {
    return turns(site.delivery(Steps.policies(site.policies(), step, parameter)), List.of());
  }

  private boolean isRefused(Turn turn) {
    return !turn.healthy()
        && turn.begun(site.present())
        && site.present().refused(turn.target().cluster());
  }

  private static int amount(JsonNode written, int of) {
    var text = written.asString("").strip();
    if (text.endsWith("%")) {
      return (int) (of * Long.parseLong(text.substring(0, text.length() - 1)) / 100);
    }
    return written.isNumber() ? written.asInt(0) : Integer.parseInt(text.isEmpty() ? "0" : text);
  }

  private StepResult done(List<Turn> turns, List<Turn> refused) {
    var value = Json.object();
    value.put("clusters", turns.size());
    var message =
        refused.isEmpty()
            ? null
            : "%d of %d clusters failed, which maxUnavailableClusters bears: %s"
                .formatted(refused.size(), turns.size(), named(refused));
    return new StepResult.Done(value, message);
  }

  private static String summary(List<Turn> turns) {
    var text = new StringJoiner("; ");
    var healthy = turns.stream().filter(Turn::healthy).count();
    text.add(healthy + " of " + turns.size() + " clusters healthy");
    var named = 0;
    for (var turn : turns) {
      for (var service : turn.services()) {
        if (!service.healthy() && named++ < NAMED_MAX) {
          text.add(
              "%s on %s: %s"
                  .formatted(
                      service.name(),
                      service.cluster(),
                      service.message() == null ? "not healthy" : service.message()));
        }
      }
    }
    return text.toString();
  }

  private static String named(List<Turn> turns) {
    var byCluster = new LinkedHashMap<String, String>();
    for (var turn : turns) {
      for (var service : turn.services()) {
        if (!service.healthy() && service.message() != null) {
          byCluster.putIfAbsent(turn.target().cluster(), service.message());
        }
      }
    }
    var text = new StringJoiner("; ");
    byCluster.entrySet().stream()
        .limit(NAMED_MAX)
        .forEach(entry -> text.add(entry.getKey() + ": " + entry.getValue()));
    return text.toString();
  }
}
