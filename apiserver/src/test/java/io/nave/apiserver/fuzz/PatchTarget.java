package io.nave.apiserver.fuzz;

import static io.nave.apiserver.fuzz.FuzzTarget.require;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.patch.Patches;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON, merge and strategic patches of objects: refused, or an object within the bounds of what is
/// parsed, that shares nothing with either.
///
/// An input is JSON, `[form, object, patch]`, or bytes that [Trees] makes such a triple of.
final class PatchTarget implements FuzzTarget {
  private static final Patch.Form[] FORMS = {
    Patch.Form.JSON, Patch.Form.MERGE, Patch.Form.STRATEGIC
  };
  private static final ResourceType SERVICES =
      ResourceType.of("", "v1", "Service", "services", true);
  private static final ResourceType DEPLOYMENTS =
      ResourceType.of("apps", "v1", "Deployment", "deployments", true);

  @Override
  public void feed(byte[] input) {
    if (input.length > 0 && input[0] == '[') {
      written(input);
    } else {
      var trees = new Trees(input);
      var form = FORMS[trees.next() % FORMS.length];
      patch(form, trees.object(), trees.value());
    }
  }

  private static void written(byte[] input) {
    JsonNode triple;
    try {
      triple = Json.parse(input);
    } catch (ApiError e) {
      return;
    }
    if (triple instanceof ArrayNode list
        && list.size() == 3
        && list.get(1) instanceof ObjectNode object) {
      var form = FORMS[Math.floorMod(list.get(0).asInt(0), FORMS.length)];
      patch(form, object, list.get(2));
    }
  }

  private static void patch(Patch.Form form, ObjectNode object, JsonNode body) {
    var before = object.deepCopy();
    var patch = body.deepCopy();
    for (var type : new ResourceType[] {SERVICES, DEPLOYMENTS}) {
      try {
        var next = Patches.apply(object, new Patch(form, body), type);
        require(Json.same(next, Json.parse(Json.encode(next))), "no value that is read again");
        spoil(next);
      } catch (ApiError e) {
        require(e.code() >= 400 && e.code() < 500, "refused with " + e.code());
      }
      require(object.equals(before), "the object was changed in place");
      require(body.equals(patch), "the patch was changed");
    }
  }

  /// Changes every container, so that one shared with the object or the patch shows there.
  private static void spoil(JsonNode value) {
    value.values().forEach(PatchTarget::spoil);
    if (value instanceof ObjectNode object) {
      object.put("spoilt", true);
    } else if (value instanceof ArrayNode list) {
      list.add("spoilt");
    }
  }
}
