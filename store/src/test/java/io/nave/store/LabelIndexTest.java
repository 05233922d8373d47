package io.nave.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import java.util.ArrayList;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/// What an index says of changes is held against a look at everything in [StoreContract].
class LabelIndexTest {
  private static final Scope ONES = Scope.labelled(Samples.BUCKET, "n", "1");

  @Test
  void aBucketIsSortedByALabelUnlessItIsTooLarge() {
    assertThat(LabelIndex.NONE.find(ONES)).isNull();
    assertThat(LabelIndex.NONE.over(ONES, objects(LabelIndex.OBJECTS_MAX)).find(ONES))
        .hasSize(LabelIndex.OBJECTS_MAX);
    assertThat(LabelIndex.NONE.over(ONES, objects(LabelIndex.OBJECTS_MAX + 1)).find(ONES)).isNull();
  }

  private static SortedTree<Key, ApiObject> objects(int count) {
    var keys = new ArrayList<Key>();
    for (int i = 0; i < count; i++) {
      keys.add(Key.of("default", "%06d".formatted(i)));
    }
    var one = Samples.object(Samples.key("a"), 1);
    return SortedTree.ofSorted(keys, Collections.nCopies(count, one));
  }
}
