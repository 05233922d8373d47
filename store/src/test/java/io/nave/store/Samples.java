package io.nave.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nave.api.ApiObject;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/// Objects and changes for tests.
final class Samples {
  static final String BUCKET = "configmaps";
  static final String OTHER = "secrets";

  private Samples() {}

  static StoreKey key(String name) {
    return new StoreKey(BUCKET, "default", name);
  }

  static ApiObject object(StoreKey key, long n) {
    var json =
        """
        {"apiVersion":"v1","kind":"ConfigMap",
         "metadata":{"name":"%s","namespace":"%s","labels":{"n":"%d"}},"n":%d}\
        """
            .formatted(key.name(), key.namespace(), n, n);
    return ApiObject.parse(json.getBytes(UTF_8));
  }

  /// An object whose JSON has at least `bytes` bytes.
  static ApiObject large(StoreKey key, int bytes) {
    return object(key, 0).edit(tree -> tree.put("text", "x".repeat(bytes)));
  }

  static Store.Change put(StoreKey key, long n) {
    return new Store.Change.Put(key, object(key, n), Store.Change.ANY);
  }

  static Store.Change put(StoreKey key, long n, long expected) {
    return new Store.Change.Put(key, object(key, n), expected);
  }

  static Store.Change delete(StoreKey key) {
    return new Store.Change.Delete(key, null, Store.Change.ANY);
  }

  static Store.Change delete(StoreKey key, long expected) {
    return new Store.Change.Delete(key, null, expected);
  }

  static List<ApiObject> commit(Store store, Store.Change... changes) {
    return store.commit(Arrays.asList(changes));
  }

  static long n(ApiObject object) {
    return object.at("/n").asLong(-1);
  }

  /// The seeds of a randomized test: `-Dseed=…` replays one.
  static LongStream seeds(int runs) {
    var seed = Long.getLong("seed");
    return seed == null ? LongStream.rangeClosed(1, runs) : LongStream.of(seed);
  }
}
