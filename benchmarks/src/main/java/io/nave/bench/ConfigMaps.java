package io.nave.bench;

import io.nave.bench.wire.Ask;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/// ConfigMaps of one size, and the requests about them.
final class ConfigMaps {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

  private final String namespace;
  private final String filler;

  /// @param bytes the length of their data
  ConfigMaps(String namespace, int bytes, RandomGenerator random) {
    this.namespace = namespace;
    var text = new StringBuilder(bytes);
    for (var i = 0; i < bytes; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    this.filler = text.toString();
  }

  Ask create(String name) {
    return Ask.post(collection(), body(name, 0));
  }

  Ask get(String name) {
    return Ask.get(collection() + "/" + name);
  }

  /// Replaces it, on no condition.
  Ask put(String name, long turn) {
    return Ask.put(collection() + "/" + name, body(name, turn));
  }

  /// Changes one small field.
  Ask patch(String name, long turn) {
    return Ask.merge(
        collection() + "/" + name, "{\"data\":{\"turn\":\"" + Long.toString(turn) + "\"}}");
  }

  /// A watch of all of them, and of nothing else in their namespace.
  Ask watch() {
    return Ask.get(collection() + "?watch=true&timeoutSeconds=3600&labelSelector=bench%3Dload");
  }

  String collection() {
    return "/api/v1/namespaces/" + namespace + "/configmaps";
  }

  private byte[] body(String name, long turn) {
    var text =
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\""
            + name
            + "\",\"namespace\":\""
            + namespace
            + "\",\"labels\":{\"bench\":\"load\"}},\"data\":{\"turn\":\""
            + turn
            + "\",\"filler\":\""
            + filler
            + "\"}}";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
