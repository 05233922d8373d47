package io.nave.api.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.CelValue;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// An object of JSON as CEL's map, made of its node as far as it is read.
///
/// It says that it is a value of CEL already ([CelValue]): the run time walks any other map with
/// all that is in it, each time an expression reads a field of it. Unmodifiable; the node must not
/// change while expressions read it.
@SuppressWarnings("Immutable") // what is made late is made of the node alone
final class JsonMap extends CelValue implements Map<String, Object> {
  private static final CelType TYPE = MapType.create(SimpleType.DYN, SimpleType.DYN);

  private final ObjectNode node;
  private volatile @Nullable Map<String, Object> fields; // a race makes it twice, harmlessly
  private volatile long weight;

  JsonMap(ObjectNode node) {
    this.node = node;
  }

  ObjectNode node() {
    return node;
  }

  /// As [JsonWeight] tells it; counted once.
  long weight() {
    var known = weight;
    if (known == 0) {
      known = JsonWeight.of(node);
      weight = known;
    }
    return known;
  }

  private Map<String, Object> fields() {
    var known = fields;
    if (known == null) {
      var made = LinkedHashMap.<String, Object>newLinkedHashMap(node.size());
      for (var field : node.properties()) {
        made.put(field.getKey(), CelValues.toCel(field.getValue()));
      }
      known = Collections.unmodifiableMap(made);
      fields = known;
    }
    return known;
  }

  @Override
  public Object value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return node.isEmpty();
  }

  @Override
  public CelType celType() {
    return TYPE;
  }

  @Override
  public int size() {
    return node.size();
  }

  @Override
  public boolean isEmpty() {
    return node.isEmpty();
  }

  @Override
  public boolean containsKey(Object key) {
    return key instanceof String name && node.has(name);
  }

  @Override
  public boolean containsValue(Object value) {
    return fields().containsValue(value);
  }

  @Override
  public @Nullable Object get(Object key) {
    return fields().get(key);
  }

  @Override
  public Set<String> keySet() {
    return fields().keySet();
  }

  @Override
  public Collection<Object> values() {
    return fields().values();
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return fields().entrySet();
  }

  @Override
  public Object put(String key, Object value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Object remove(Object key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void putAll(Map<? extends String, ?> more) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void clear() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other == this || (other instanceof Map<?, ?> map && fields().equals(map));
  }

  @Override
  public int hashCode() {
    return fields().hashCode();
  }

  @Override
  public String toString() {
    return fields().toString();
  }
}
