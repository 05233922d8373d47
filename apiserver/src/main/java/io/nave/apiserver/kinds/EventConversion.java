package io.nave.apiserver.kinds;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.registry.ServedType;
import java.util.LinkedHashMap;
import java.util.Map;

/// Events in two groups are the same objects under two vocabularies: stored as core `v1`, shown as
/// `events.k8s.io/v1` with some fields named otherwise.
final class EventConversion implements ServedType.Conversion {
  private static final Map<String, String> SERVED_TO_STORED = new LinkedHashMap<>();
  private static final Map<String, String> STORED_TO_SERVED = new LinkedHashMap<>();

  static {
    SERVED_TO_STORED.put("note", "message");
    SERVED_TO_STORED.put("regarding", "involvedObject");
    SERVED_TO_STORED.put("reportingController", "reportingComponent");
    SERVED_TO_STORED.put("deprecatedSource", "source");
    SERVED_TO_STORED.put("deprecatedFirstTimestamp", "firstTimestamp");
    SERVED_TO_STORED.put("deprecatedLastTimestamp", "lastTimestamp");
    SERVED_TO_STORED.put("deprecatedCount", "count");
    SERVED_TO_STORED.forEach((served, stored) -> STORED_TO_SERVED.put(stored, served));
  }

  private final ResourceType stored;
  private final ResourceType served;

  EventConversion(ResourceType stored, ResourceType served) {
    this.stored = stored;
    this.served = served;
  }

  @Override
  public ResourceType storedType() {
    return stored;
  }

  @Override
  public ApiObject toStored(ApiObject object) {
    return renamed(object, SERVED_TO_STORED, stored);
  }

  @Override
  public ApiObject fromStored(ApiObject object) {
    return renamed(object, STORED_TO_SERVED, served);
  }

  private static ApiObject renamed(ApiObject object, Map<String, String> names, ResourceType type) {
    var tree = Json.object();
    for (var property : object.json().properties()) {
      var name = property.getKey();
      tree.set(names.getOrDefault(name, name), property.getValue().deepCopy());
    }
    tree.put("apiVersion", type.apiVersion()).put("kind", type.kind());
    return ApiObject.of(tree);
  }
}
