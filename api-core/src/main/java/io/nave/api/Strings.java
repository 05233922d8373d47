package io.nave.api;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The fields of a JSON object as texts, in its order, read where they lie: labels are asked for
/// far more often than all of them are wanted. Read only; anything but an object is empty.
final class Strings extends AbstractMap<String, String> {
  private final JsonNode fields;

  Strings(JsonNode fields) {
    this.fields = fields;
  }

  @Override
  public int size() {
    return fields.isObject() ? fields.size() : 0;
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return get(key) != null;
  }

  @Override
  public @Nullable String get(@Nullable Object key) {
    var value = key instanceof String name ? fields.get(name) : null;
    return value == null ? null : value.asString("");
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public int size() {
        return Strings.this.size();
      }

      @Override
      public Iterator<Map.Entry<String, String>> iterator() {
        return fields.properties().stream()
            .map(field -> Map.entry(field.getKey(), field.getValue().asString("")))
            .iterator();
      }
    };
  }
}
