package io.nave.applications;

import io.nave.api.Json;
import io.nave.applications.Blueprint.Bound;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Role;
import io.nave.applications.workflow.Reasons;
import io.nave.applications.workflow.StepAction.Call;
import io.nave.applications.workflow.StepAction.StepResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The steps that write objects of their own, through the works of the application like everything
/// else (spec §14): each is delivered as a component called after its step.
final class Writing {
  /// What a step writes, and where.
  ///
  /// @param healthy whether the step waits until the object is healthy, not only applied
  private record Order(List<Target> targets, List<ObjectNode> objects, boolean healthy) {}

  private final Site site;
  private final Places places;

  Writing(Site site) {
    this.site = site;
    this.places = new Places(site);
  }

  StepResult run(Call call) {
    Order order;
    try {
      order = order(call.step(), call.parameter());
    } catch (IllegalArgumentException e) {
      return new StepResult.Ended(Reasons.RENDERING, String.valueOf(e.getMessage()));
    }
    var rendered = rendered(call.step(), order);
    site.want(call.name(), rendered);
    for (var one : rendered) {
      var service = site.present().health(one);
      var refused = site.present().stands(one) && !site.present().applied(one);
      if (!site.present().applied(one) || (order.healthy() && !service.healthy())) {
        var message = service.message();
        return new StepResult.Waiting(
            message == null || (!refused && !order.healthy() && site.present().stands(one))
                ? "waiting for cluster " + one.target().cluster() + " to report"
                : one.target().cluster() + ": " + message);
      }
    }
    return new StepResult.Done(value(rendered), null);
  }

  /// A finished step: what it wrote stays written.
  void keep(WorkflowStep step, ObjectNode parameter) {
    site.want(name(step), rendered(step, order(step, parameter)));
  }

  private static String name(WorkflowStep step) {
    return step.name() == null ? "" : step.name();
  }

  private ObjectNode value(List<Rendered> rendered) {
    var live = site.present().live(rendered.getFirst()).path("output");
    var value = Json.object();
    value.set("output", live);
    value.putObject("apply").set("value", live);
    return value;
  }

  private List<Rendered> rendered(WorkflowStep step, Order order) {
    var definition = site.definitions().find(Role.COMPONENT, "k8s-objects").orElseThrow();
    var properties = Json.object();
    order.objects().forEach(properties.putArray("objects")::add);
    var checked = definition.check(properties, "step \"" + name(step) + "\"");
    if (!checked.faults().isEmpty()) {
      throw new Refusal(Stage.RENDER, Progress.text(checked.faults()));
    }
    var component = Bound.of(componentName(name(step)), "k8s-objects", definition, checked.value());
    var all = new ArrayList<Rendered>();
    for (var target : order.targets()) {
      var outputs =
          step.outputs().stream()
              .map(output ->
                  new WorkflowStep.Output(
                      output.name(),
                      output.valueFrom().replaceFirst("^apply\\.(\\$returns\\.)?value", "output")))
              .toList();
      all.add(Turn.watched(site.renderer().render(component, target), outputs));
    }
    return all;
  }

  /// Names of steps are freer than those of components, which end up in labels and names.
  static String componentName(String step) {
    var safe = step.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-");
    return safe.equals(step) && safe.matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?")
        ? Names.bounded(step, Blueprint.NAME_MAX)
        : "step-" + Names.hash(step);
  }

  private Order order(WorkflowStep step, ObjectNode parameter) {
    return switch (step.type()) {
      case "apply-object" ->
          new Order(places.cluster(parameter), List.of(object(parameter.path("value"))), false);
      case "apply-deployment" ->
          new Order(places.cluster(parameter), List.of(deployment(name(step), parameter)), true);
      case "export2config" ->
          new Order(places.cluster(parameter), List.of(config(parameter)), false);
      case "export2secret" ->
          new Order(places.cluster(parameter), List.of(secret(parameter)), false);
      case "export-data" -> new Order(places.topology(parameter), List.of(data(parameter)), false);
      case "export-service" -> new Order(places.topology(parameter), service(parameter), false);
      default -> throw new IllegalArgumentException("type " + step.type() + " writes nothing");
    };
  }

  private static ObjectNode object(JsonNode value) {
    if (value instanceof ObjectNode object) {
      return object.deepCopy();
    }
    throw new IllegalArgumentException("value: expected an object, found " + value);
  }

  private static ObjectNode named(String apiVersion, String kind, String name, JsonNode namespace) {
    var object = Json.object().put("apiVersion", apiVersion).put("kind", kind);
    var meta = object.putObject("metadata").put("name", name);
    if (!namespace.asString("").isEmpty()) {
      meta.put("namespace", namespace.asString(""));
    }
    return object;
  }

  private static ObjectNode deployment(String name, ObjectNode parameter) {
    var object = named("apps/v1", "Deployment", name, Json.object());
    var spec = object.putObject("spec").put("replicas", parameter.path("replicas").asInt(1));
    spec.putObject("selector").putObject("matchLabels").put("workflow.oam.dev/step-name", name);
    var template = spec.putObject("template");
    template.putObject("metadata").putObject("labels").put("workflow.oam.dev/step-name", name);
    var container =
        Json.object().put("name", name).put("image", parameter.path("image").asString(""));
    if (parameter.path("cmd").isArray()) {
      container.set("command", parameter.path("cmd"));
    }
    template.putObject("spec").putArray("containers").add(container);
    return object;
  }

  private static ObjectNode config(ObjectNode parameter) {
    var object =
        named(
            "v1",
            "ConfigMap",
            parameter.path("configName").asString(""),
            parameter.path("namespace"));
    texts(object.putObject("data"), parameter.path("data"));
    return object;
  }

  private static ObjectNode secret(ObjectNode parameter) {
    var object =
        named(
            "v1", "Secret", parameter.path("secretName").asString(""), parameter.path("namespace"));
    if (parameter.path("kind").asString("").equals("docker-registry")) {
      object.put("type", "kubernetes.io/dockerconfigjson");
      object
          .putObject("stringData")
          .put(".dockerconfigjson", docker(parameter.path("dockerRegistry")));
      return object;
    }
    if (parameter.hasNonNull("type")) {
      object.put("type", parameter.path("type").asString(""));
    }
    texts(object.putObject("stringData"), parameter.path("data"));
    return object;
  }

  private static String docker(JsonNode registry) {
    var user = registry.path("username").asString("");
    var password = registry.path("password").asString("");
    var auth =
        Base64.getEncoder()
            .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    var config = Json.object();
    config
        .putObject("auths")
        .putObject(registry.path("server").asString(""))
        .put("username", user)
        .put("password", password)
        .put("auth", auth);
    return Json.text(config);
  }

  private ObjectNode data(ObjectNode parameter) {
    var secret = parameter.path("kind").asString("ConfigMap").equals("Secret");
    var object =
        named(
            "v1",
            secret ? "Secret" : "ConfigMap",
            parameter.path("name").asString(site.application().metadata().name()),
            parameter.path("namespace"));
    texts(object.putObject(secret ? "stringData" : "data"), parameter.path("data"));
    return object;
  }

  private List<ObjectNode> service(ObjectNode parameter) {
    var name = parameter.path("name").asString(site.application().metadata().name());
    var service = named("v1", "Service", name, parameter.path("namespace"));
    var port = service.putObject("spec").put("type", "ClusterIP").putArray("ports").addObject();
    port.put("protocol", "TCP").put("port", parameter.path("port").asInt());
    port.put("targetPort", parameter.path("targetPort").asInt());
    var endpoints = named("v1", "Endpoints", name, parameter.path("namespace"));
    var subset = endpoints.putArray("subsets").addObject();
    subset.putArray("addresses").addObject().put("ip", parameter.path("ip").asString(""));
    subset.putArray("ports").addObject().put("port", parameter.path("targetPort").asInt());
    return List.of(service, endpoints);
  }

  /// Values that are no texts as JSON.
  private static void texts(ObjectNode into, JsonNode data) {
    for (var entry : data.properties()) {
      into.put(
          entry.getKey(),
          entry.getValue().isString()
              ? entry.getValue().stringValue()
              : Json.text(entry.getValue()));
    }
  }
}
