package io.nave.api.cel;

import java.util.AbstractList;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/// A list of JSON as CEL's list, made of its node as far as it is read. Unmodifiable; the node must
/// not change while expressions read it.
final class JsonList extends AbstractList<Object> implements RandomAccess {
  private final ArrayNode node;
  private volatile Object @Nullable [] elements; // a race makes it twice, harmlessly
  private volatile long weight;

  JsonList(ArrayNode node) {
    this.node = node;
  }

  ArrayNode node() {
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

  @Override
  public Object get(int index) {
    var known = elements;
    if (known == null) {
      known = new Object[node.size()];
      for (var i = 0; i < known.length; i++) {
        known[i] = CelValues.toCel(node.get(i));
      }
      elements = known;
    }
    return known[index];
  }

  @Override
  public int size() {
    return node.size();
  }
}
