package io.nave.apiserver.definitions;

import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.admission.Admission.Operation;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.definitions.CustomResourceDefinition.Status;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.Strategy;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Definitions: names and conversion are completed, the status is worked out with every change of
/// the wish, and a deleted one waits for its objects to go.
final class DefinitionStrategy implements Strategy {
  private final OwnKinds own;
  private final Supplier<List<ResourceType>> builtIn;

  DefinitionStrategy(OwnKinds own, Supplier<List<ResourceType>> builtIn) {
    this.own = own;
    this.builtIn = builtIn;
  }

  @Override
  public boolean builtIn() {
    return true;
  }

  @Override
  public boolean countsGenerations() {
    return true;
  }

  @Override
  public boolean replacesBlindly() {
    return false;
  }

  @Override
  public ApiObject prepare(Request request) {
    if (!request.subresource().isEmpty()) {
      return request.object();
    }
    var old = request.old();
    if (request.operation() == Operation.DELETE) {
      own.checkDelete(request.object().name());
      return request.object();
    }
    var next = request.object().edit(crd -> complete(crd));
    if (old != null) {
      own.checkChange(old, next);
      if (Json.same(old.spec(), next.spec())) {
        return next;
      }
    }
    return readable(next) ? withStatus(next, request) : next;
  }

  private static void complete(ObjectNode crd) {
    if (crd.get("spec") instanceof ObjectNode spec) {
      defaulted(spec);
    }
  }

  /// Kubernetes' defaults of a definition.
  static ObjectNode defaulted(ObjectNode spec) {
    if (spec.get("names") instanceof ObjectNode names) {
      var kind = names.path("kind").asString("");
      if (names.path("singular").asString("").isEmpty()) {
        names.put("singular", kind.toLowerCase(Locale.ROOT));
      }
      if (names.path("listKind").asString("").isEmpty() && !kind.isEmpty()) {
        names.put("listKind", kind + "List");
      }
    }
    if (!(spec.get("conversion") instanceof ObjectNode)) {
      spec.putObject("conversion").put("strategy", "None");
    } else if (spec.at("/conversion/webhook/clientConfig/service") instanceof ObjectNode service
        && !service.has("port")) {
      service.put("port", 443);
    }
    if (!spec.path("preserveUnknownFields").asBoolean(false)) {
      spec.remove("preserveUnknownFields");
    }
    return spec;
  }

  /// Whether there is enough of it to work a status out; if not, validation says what is missing.
  private static boolean readable(ApiObject crd) {
    return crd.at("/spec/versions").valueStream().anyMatch(JsonNode::isObject)
        && crd.at("/spec/names").isObject();
  }

  private ApiObject withStatus(ApiObject crd, Request request) {
    var definition = Codec.decode(crd, CustomResourceDefinition.class);
    var others =
        request.view().list(CustomResourceDefinition.TYPE.resource(), "").stream()
            .map(one -> Codec.decode(one, CustomResourceDefinition.class))
            .toList();
    return with(crd, Acceptance.status(definition, others, builtIn.get(), request.now()));
  }

  static ApiObject with(ApiObject crd, Status status) {
    return crd.edit(tree -> tree.set("status", Json.tree(status)));
  }

  @Override
  public void validate(Request request, Faults faults) {
    if (request.subresource().isEmpty()) {
      var crd = request.object();
      DefinitionRules.validate(request.old(), crd, own.has(crd.name()), faults);
    }
  }

  /// The first delete marks it only: its objects go first.
  @Override
  public boolean held(ApiObject object) {
    return !object.deleting() || !object.finalizers().isEmpty();
  }

  @Override
  public ApiObject leaving(ApiObject crd) {
    var definition = Codec.decode(crd, CustomResourceDefinition.class);
    var pending =
        Condition.of(
            CustomResourceDefinition.TERMINATING,
            true,
            "InstanceDeletionPending",
            "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon");
    var since = crd.deletionTimestamp();
    var status = definition.status();
    var next =
        new Status(
            since == null
                ? status.conditions()
                : Condition.merge(status.conditions(), pending, since),
            status.acceptedNames(),
            status.storedVersions());
    return with(crd, next)
        .editMeta(meta -> {
          if (!crd.finalizers().contains(CustomResourceDefinition.CLEANUP)) {
            meta.withArrayProperty("finalizers").add(CustomResourceDefinition.CLEANUP);
          }
        });
  }
}
