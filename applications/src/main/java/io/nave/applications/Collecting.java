package io.nave.applications;

import io.nave.api.Json;
import io.nave.applications.Rendered.Piece;
import io.nave.applications.api.WorkflowStep;
import io.nave.applications.definitions.Definition;
import io.nave.applications.workflow.Reasons;
import io.nave.applications.workflow.StepAction.Call;
import io.nave.applications.workflow.StepAction.StepResult;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The `collect-service-endpoints` step (spec §14, §23.2): where the Services and Ingresses of the
/// components that steps before it delivered can be reached. It waits until there is one.
///
/// A Service is reached inside its cluster by name; outside by what its load balancer says, which
/// is fed back while the step waits. Nodes are not seen from here, so that a `NodePort` counts as
/// reached inside only. Other applications are not seen either: their clusters report what their
/// own works ask about.
final class Collecting {
  private static final List<String> BALANCERS =
      List.of("status.loadBalancer.ingress[0].ip", "status.loadBalancer.ingress[0].hostname");

  private final Site site;

  Collecting(Site site) {
    this.site = site;
  }

  StepResult run(Call call) {
    var parameter = call.parameter();
    var own = site.application().metadata();
    if (!own.name().equals(parameter.path("name").asString(own.name()))
        || !own.namespace().equals(parameter.path("namespace").asString(own.namespace()))) {
      return new StepResult.Ended(
          Reasons.RENDERING,
          "name: only endpoints of the application itself are collected, %s/%s; let the other one publish an output, and name it in a read-object step"
              .formatted(own.namespace(), own.name()));
    }
    var found = Json.array();
    for (var rendered : site.wantedSoFar()) {
      if (!rendered.isRead() && isAsked(rendered, parameter)) {
        var watched = Turn.watched(rendered, outputs(rendered));
        site.want(call.name(), List.of(watched));
        endpoints(watched).stream()
            .filter(one -> isMeant(one.path("endpoint"), parameter))
            .forEach(found::add);
      }
    }
    if (found.isEmpty()) {
      return new StepResult.Waiting("no endpoint is known yet");
    }
    var first = found.get(0).path("endpoint");
    var value = Json.object();
    value.putObject("outputs").set("endpoints", found);
    value.putObject("value").put("url", url(first, parameter)).set("endpoint", first);
    return new StepResult.Done(value, null);
  }

  private static String url(JsonNode endpoint, JsonNode parameter) {
    var protocol = parameter.path("protocal").asString(parameter.path("protocol").asString("http"));
    return "%s://%s:%d"
        .formatted(protocol, endpoint.path("host").asString(""), endpoint.path("port").asInt(0));
  }

  private static boolean isAsked(Rendered rendered, JsonNode parameter) {
    var components = parameter.path("components");
    return components.isEmpty()
        || components
            .valueStream()
            .anyMatch(name -> name.asString("").equals(rendered.component().name()));
  }

  private static boolean isMeant(JsonNode endpoint, JsonNode parameter) {
    return (!parameter.hasNonNull("port")
            || parameter.path("port").asInt(0) == endpoint.path("port").asInt(0))
        && (!parameter.hasNonNull("portName")
            || parameter
                .path("portName")
                .asString("")
                .equals(endpoint.path("portName").asString("")))
        && !(parameter.path("outer").asBoolean(false) && endpoint.path("inner").asBoolean(false));
  }

  /// What its load balancers say has to come back.
  private static List<WorkflowStep.Output> outputs(Rendered rendered) {
    var outputs = new ArrayList<WorkflowStep.Output>();
    for (var piece : rendered.pieces()) {
      if (isBalanced(piece.manifest())) {
        var root =
            piece.key().equals(Definition.MAIN) ? "output" : "outputs[\"" + piece.key() + "\"]";
        for (var path : BALANCERS) {
          outputs.add(new WorkflowStep.Output(path, root + "." + path));
        }
      }
    }
    return outputs;
  }

  private static boolean isBalanced(JsonNode object) {
    return object.path("kind").asString("").equals("Ingress")
        || (object.path("kind").asString("").equals("Service")
            && object.at("/spec/type").asString("").equals("LoadBalancer"));
  }

  private List<ObjectNode> endpoints(Rendered rendered) {
    var found = new ArrayList<ObjectNode>();
    if (!site.present().applied(rendered)) {
      return found;
    }
    var live = site.present().live(rendered);
    for (var piece : rendered.pieces()) {
      var object =
          piece.key().equals(Definition.MAIN)
              ? live.path("output")
              : live.path("outputs").path(piece.key());
      for (var endpoint : endpoints(piece, object)) {
        var one = Json.object().put("cluster", rendered.target().cluster());
        one.put("component", rendered.component().name());
        one.set("endpoint", endpoint);
        var ref = one.putObject("ref").put("apiVersion", object.path("apiVersion").asString(""));
        ref.put("kind", object.path("kind").asString(""));
        ref.put("namespace", object.at("/metadata/namespace").asString(""));
        ref.put("name", object.at("/metadata/name").asString(""));
        found.add(one);
      }
    }
    return found;
  }

  private static List<ObjectNode> endpoints(Piece piece, JsonNode object) {
    return switch (piece.manifest().path("kind").asString("")) {
      case "Service" -> service(object);
      case "Ingress" -> ingress(object);
      default -> List.of();
    };
  }

  private static List<ObjectNode> service(JsonNode service) {
    var balanced = isBalanced(service);
    var host = balanced ? balancer(service) : inside(service);
    var endpoints = new ArrayList<ObjectNode>();
    for (var port : host.isEmpty() ? Json.array() : service.at("/spec/ports")) {
      var endpoint = endpoint(host, port.path("port").asInt(0), !balanced);
      endpoint.put("protocol", port.path("protocol").asString("TCP"));
      endpoint.put("portName", port.path("name").asString(""));
      endpoints.add(endpoint);
    }
    return endpoints;
  }

  private static String inside(JsonNode service) {
    return service.at("/metadata/name").asString("")
        + "."
        + service.at("/metadata/namespace").asString("");
  }

  private static String balancer(JsonNode object) {
    var ingress = object.at("/status/loadBalancer/ingress/0");
    return ingress.path("ip").asString(ingress.path("hostname").asString(""));
  }

  private static List<ObjectNode> ingress(JsonNode ingress) {
    var secure = !ingress.at("/spec/tls").isEmpty();
    var endpoints = new ArrayList<ObjectNode>();
    for (var rule : ingress.at("/spec/rules")) {
      var host = rule.path("host").asString(balancer(ingress));
      for (var path : host.isEmpty() ? Json.array() : rule.at("/http/paths")) {
        var endpoint = endpoint(host, secure ? 443 : 80, false);
        endpoint.put("protocol", "TCP").put("appProtocol", secure ? "https" : "http");
        endpoints.add(endpoint.put("path", path.path("path").asString("")));
      }
    }
    return endpoints;
  }

  private static ObjectNode endpoint(String host, int port, boolean inner) {
    return Json.object().put("host", host).put("port", port).put("inner", inner);
  }
}
