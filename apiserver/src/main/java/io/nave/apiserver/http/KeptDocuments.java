package io.nave.apiserver.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/// Documents about the catalogue: each is made when first asked for and kept until the catalogue
/// changes. Thread-safe; two who ask for one at the same time may both make it, and get the same.
final class KeptDocuments {
  private record Kept(long edition, ConcurrentMap<String, Document> documents) {}

  private volatile Kept kept = new Kept(-1, new ConcurrentHashMap<>());

  /// @param edition of the catalogue, as of before `make` reads it
  Document get(long edition, String name, Supplier<Document> make) {
    var now = kept;
    if (now.edition() != edition) {
      now = new Kept(edition, new ConcurrentHashMap<>());
      kept = now;
    }
    var known = now.documents().get(name);
    if (known != null) {
      return known;
    }
    var made = make.get();
    var first = now.documents().putIfAbsent(name, made);
    return first == null ? made : first;
  }
}
