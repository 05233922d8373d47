package io.nave.store;

import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/// An immutable sorted map: a change copies the path to the root and shares all else.
///
/// A weight-balanced tree (Adams; the bounds 3 and 2 are those proved by Hirai and Yamamoto): no
/// subtree holds more than three times the entries of its sibling, so a path in a map of a million
/// entries is at most 48 nodes long, typically 21.
final class SortedTree<K extends Comparable<? super K>, V> {
  private static final int HEAVIER = 3; // a subtree may weigh this times its sibling
  private static final int SINGLE = 2; // below: one rotation is enough

  private record Node<K, V>(
      K key, V value, int size, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {}

  private final @Nullable Node<K, V> root;

  private SortedTree(@Nullable Node<K, V> root) {
    this.root = root;
  }

  static <K extends Comparable<? super K>, V> SortedTree<K, V> empty() {
    return new SortedTree<>(null);
  }

  /// A map of keys in order, each once, and their values; costs one node for each entry.
  static <K extends Comparable<? super K>, V> SortedTree<K, V> ofSorted(
      List<K> keys, List<V> values) {
    return new SortedTree<>(half(keys, values, 0, keys.size()));
  }

  /// Halves differ by one entry at most, which is well within the balance.
  private static <K, V> @Nullable Node<K, V> half(
      List<K> keys, List<V> values, int from, int until) {
    if (from == until) {
      return null;
    }
    int middle = (from + until) >>> 1;
    return node(
        keys.get(middle),
        values.get(middle),
        half(keys, values, from, middle),
        half(keys, values, middle + 1, until));
  }

  int size() {
    return size(root);
  }

  boolean isEmpty() {
    return root == null;
  }

  @Nullable V get(K key) {
    var node = root;
    while (node != null) {
      int order = key.compareTo(node.key);
      if (order == 0) {
        return node.value;
      }
      node = order < 0 ? node.left : node.right;
    }
    return null;
  }

  /// A map in which the key has this value.
  SortedTree<K, V> put(K key, V value) {
    return new SortedTree<>(put(root, key, value));
  }

  /// A map without the key.
  SortedTree<K, V> remove(K key) {
    return new SortedTree<>(remove(root, key));
  }

  /// Shows entries in key order to `each` until it answers false.
  ///
  /// @param after only keys greater than this one; all of them when null
  void scan(@Nullable K after, BiPredicate<K, V> each) {
    scan(root, after, each);
  }

  /// How many keys are less than this one.
  int countBefore(K key) {
    int count = 0;
    var node = root;
    while (node != null) {
      if (node.key.compareTo(key) < 0) {
        count += 1 + size(node.left);
        node = node.right;
      } else {
        node = node.left;
      }
    }
    return count;
  }

  private static <K extends Comparable<? super K>, V> boolean scan(
      @Nullable Node<K, V> node, @Nullable K after, BiPredicate<K, V> each) {
    if (node == null) {
      return true;
    }
    int order = after == null ? 1 : node.key.compareTo(after);
    if (order <= 0) {
      return scan(node.right, order == 0 ? null : after, each);
    }
    return scan(node.left, after, each)
        && each.test(node.key, node.value)
        && scan(node.right, null, each);
  }

  private static <K extends Comparable<? super K>, V> Node<K, V> put(
      @Nullable Node<K, V> node, K key, V value) {
    if (node == null) {
      return node(key, value, null, null);
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return node(key, value, node.left, node.right);
    }
    return order < 0
        ? balanced(node, put(node.left, key, value), node.right)
        : balanced(node, node.left, put(node.right, key, value));
  }

  private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(
      @Nullable Node<K, V> node, K key) {
    if (node == null) {
      return null;
    }
    int order = key.compareTo(node.key);
    if (order == 0) {
      return joined(node.left, node.right);
    }
    return order < 0
        ? balanced(node, remove(node.left, key), node.right)
        : balanced(node, node.left, remove(node.right, key));
  }

  /// One tree of two whose keys do not overlap and whose weights were balanced.
  private static <K, V> @Nullable Node<K, V> joined(
      @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
    if (left == null) {
      return right;
    }
    if (right == null) {
      return left;
    }
    return left.size > right.size
        ? balanced(last(left), withoutLast(left), right)
        : balanced(first(right), left, withoutFirst(right));
  }

  private static <K, V> Node<K, V> first(Node<K, V> node) {
    return node.left == null ? node : first(node.left);
  }

  private static <K, V> Node<K, V> last(Node<K, V> node) {
    return node.right == null ? node : last(node.right);
  }

  private static <K, V> @Nullable Node<K, V> withoutFirst(Node<K, V> node) {
    return node.left == null ? node.right : balanced(node, withoutFirst(node.left), node.right);
  }

  private static <K, V> @Nullable Node<K, V> withoutLast(Node<K, V> node) {
    return node.right == null ? node.left : balanced(node, node.left, withoutLast(node.right));
  }

  /// The entry of `at` over two subtrees of which one changed by one entry.
  private static <K, V> Node<K, V> balanced(
      Node<K, V> at, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
    int leftSize = size(left);
    int rightSize = size(right);
    if (leftSize + rightSize <= 1) {
      return node(at.key, at.value, left, right);
    }
    if (right != null && rightSize > HEAVIER * leftSize) {
      return liftRight(at, left, right);
    }
    if (left != null && leftSize > HEAVIER * rightSize) {
      return liftLeft(at, left, right);
    }
    return node(at.key, at.value, left, right);
  }

  private static <K, V> Node<K, V> liftRight(
      Node<K, V> at, @Nullable Node<K, V> left, Node<K, V> right) {
    var inner = right.left;
    if (inner == null || inner.size < SINGLE * size(right.right)) {
      return node(right.key, right.value, node(at.key, at.value, left, inner), right.right);
    }
    return node(
        inner.key,
        inner.value,
        node(at.key, at.value, left, inner.left),
        node(right.key, right.value, inner.right, right.right));
  }

  private static <K, V> Node<K, V> liftLeft(
      Node<K, V> at, Node<K, V> left, @Nullable Node<K, V> right) {
    var inner = left.right;
    if (inner == null || inner.size < SINGLE * size(left.left)) {
      return node(left.key, left.value, left.left, node(at.key, at.value, inner, right));
    }
    return node(
        inner.key,
        inner.value,
        node(left.key, left.value, left.left, inner.left),
        node(at.key, at.value, inner.right, right));
  }

  private static <K, V> Node<K, V> node(
      K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
    return new Node<>(key, value, 1 + size(left) + size(right), left, right);
  }

  private static int size(@Nullable Node<?, ?> node) {
    return node == null ? 0 : node.size;
  }

  /// The longest path, for the test of the balance.
  int depth() {
    return depth(root);
  }

  private static int depth(@Nullable Node<?, ?> node) {
    return node == null ? 0 : 1 + Math.max(depth(node.left), depth(node.right));
  }
}
