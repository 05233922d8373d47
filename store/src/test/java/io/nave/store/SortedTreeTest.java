package io.nave.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SortedTreeTest {
  static LongStream seeds() {
    return Samples.seeds(20);
  }

  private static List<Integer> keys(SortedTree<Integer, Integer> tree, Integer after, int most) {
    var keys = new ArrayList<Integer>();
    tree.scan(
        after,
        (key, _) -> {
          keys.add(key);
          return keys.size() < most;
        });
    return keys;
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("seeds")
  void doesWhatATreeMapDoesAndLeavesOldTreesAlone(long seed) {
    var random = new Random(seed);
    var model = new TreeMap<Integer, Integer>();
    SortedTree<Integer, Integer> tree = SortedTree.empty();
    for (int i = 0; i < 2000; i++) {
      var old = tree;
      var oldKeys = keys(old, null, Integer.MAX_VALUE);
      int key = random.nextInt(200);
      if (random.nextInt(5) < 2) {
        model.remove(key);
        tree = tree.remove(key);
      } else {
        model.put(key, i);
        tree = tree.put(key, i);
      }
      assertThat(tree.size()).isEqualTo(model.size());
      assertThat(tree.get(key)).isEqualTo(model.get(key));
      assertThat(keys(tree, null, Integer.MAX_VALUE)).containsExactlyElementsOf(model.keySet());
      assertThat(keys(tree, key, 10))
          .isEqualTo(model.tailMap(key, false).keySet().stream().limit(10).toList());
      assertThat(tree.countBefore(key)).isEqualTo(model.headMap(key).size());
      assertThat(keys(old, null, Integer.MAX_VALUE)).isEqualTo(oldKeys);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 7, 8, 1000})
  void madeOfSortedKeysItIsAsIfTheyHadBeenPutOneByOne(int size) {
    var keys = IntStream.range(0, size).boxed().toList();
    var tree = SortedTree.ofSorted(keys, keys);
    assertThat(tree.size()).isEqualTo(size);
    assertThat(keys(tree, null, Integer.MAX_VALUE)).isEqualTo(keys);
    assertThat(tree.depth()).isLessThanOrEqualTo(32 - Integer.numberOfLeadingZeros(size));
    for (int i = 0; i < size; i++) {
      assertThat(tree.get(i)).isEqualTo(i);
      tree = tree.remove(i).put(size + i, size + i);
    }
    assertThat(keys(tree, null, Integer.MAX_VALUE))
        .isEqualTo(IntStream.range(size, 2 * size).boxed().toList());
  }

  @Test
  void staysShallowWhenKeysComeInOrderAndGoInOrder() {
    SortedTree<Integer, Integer> tree = SortedTree.empty();
    for (int i = 0; i < 100_000; i++) {
      tree = tree.put(i, i);
    }
    assertThat(tree.depth()).isLessThanOrEqualTo(40);
    for (int i = 0; i < 99_000; i++) {
      tree = tree.remove(i);
    }
    assertThat(tree.size()).isEqualTo(1000);
    assertThat(tree.depth()).isLessThanOrEqualTo(24);
    assertThat(tree.get(99_500)).isEqualTo(99_500);
  }
}
