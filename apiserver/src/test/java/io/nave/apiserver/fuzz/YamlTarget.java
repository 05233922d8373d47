package io.nave.apiserver.fuzz;

import static io.nave.apiserver.fuzz.FuzzTarget.require;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Yaml;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// YAML: refused as a bad request, or read into objects that are written and read again as the
/// same.
final class YamlTarget implements FuzzTarget {
  @Override
  public void feed(byte[] input) {
    List<ObjectNode> objects;
    try {
      objects = Yaml.parseAll(FuzzTarget.text(input));
    } catch (ApiError e) {
      require(e.is(ApiError.Reason.BAD_REQUEST), "refused with " + e.reason());
      return;
    }
    for (var object : objects) {
      var again = Yaml.parse(Yaml.write(object));
      require(Json.same(object, again), "another value when written and read again");
    }
  }
}
