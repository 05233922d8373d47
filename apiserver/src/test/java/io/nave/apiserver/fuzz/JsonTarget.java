package io.nave.apiserver.fuzz;

import static io.nave.apiserver.fuzz.FuzzTarget.require;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import java.time.DateTimeException;
import java.util.ArrayList;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON: refused as a bad request, or read into what is written and read again as the same.
final class JsonTarget implements FuzzTarget {
  @Override
  public void feed(byte[] input) {
    JsonNode value;
    var twice = new ArrayList<String>();
    try {
      value = Json.parse(input, twice::add);
    } catch (ApiError e) {
      require(e.is(ApiError.Reason.BAD_REQUEST), "refused with " + e.reason());
      return;
    }
    require(twice.isEmpty() != refused(input), "refused for another reason than " + twice);
    var again = Json.parse(Json.encode(value));
    require(Json.same(value, again), "another value when read again");
    if (value instanceof ObjectNode object) {
      asObject(object);
    }
  }

  private static boolean refused(byte[] input) {
    try {
      Json.parse(input);
      return false;
    } catch (ApiError e) {
      return true;
    }
  }

  /// What every part of the hub asks of an object, whatever is in it.
  private static void asObject(ObjectNode tree) {
    ApiObject object;
    try {
      object = ApiObject.of(tree);
    } catch (ApiError e) {
      return;
    }
    try {
      object.labels();
      object.annotations();
      object.finalizers();
      object.owners();
      object.creationTimestamp();
      object.deletionTimestamp();
    } catch (ApiError | DateTimeException e) {
      return;
    }
    require(
        ApiObject.stored(object.bytes()).equals(ApiObject.of(tree)),
        "another object when stored and read again");
  }
}
