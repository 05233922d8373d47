package io.nave.applications;

import io.nave.api.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The `generate-jdbc-connection` step: environment variables by which a container reaches the
/// database of a Secret (spec §14).
///
/// The values stay in the Secret, which has to be in the namespace and cluster of the component:
/// each variable refers to it, and the URL is put together in the container, from variables that
/// stand before it. Nothing secret passes the hub or ends up in a status.
final class Jdbc {
  private static final List<String> KEYS =
      List.of("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD");

  private Jdbc() {}

  /// What outputs of the step are read from: the list as `env`, and as `jdbc`, its older name.
  static ObjectNode connection(JsonNode parameter) {
    var secret = parameter.path("name").asString("");
    var env = Json.array();
    KEYS.forEach(key -> reference(env, key, secret, key));
    env.addObject()
        .put("name", "url")
        .put(
            "value", "jdbc://$(DB_HOST):$(DB_PORT)/$(DB_NAME)?characterEncoding=utf8&useSSL=false");
    reference(env, "username", secret, "DB_USER");
    reference(env, "password", secret, "DB_PASSWORD");
    var value = Json.object();
    value.set("env", env);
    value.set("jdbc", env.deepCopy());
    return value;
  }

  private static void reference(ArrayNode env, String name, String secret, String key) {
    env.addObject()
        .put("name", name)
        .putObject("valueFrom")
        .putObject("secretKeyRef")
        .put("name", secret)
        .put("key", key);
  }
}
