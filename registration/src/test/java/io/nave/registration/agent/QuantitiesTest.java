package io.nave.registration.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuantitiesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4 4|8",
        "3920m 3920m|7840m",
        "3500m 500m|4",
        "16Gi 8Gi|24Gi",
        "1Gi 512Mi|1536Mi",
        "1.5Gi 0.5Gi|2Gi",
        "16393244Ki 16393244Ki|32786488Ki",
        "600 400|1k",
        "110 110|220",
        "0 0|0",
        "1Gi 0|1Gi",
        "nonsense 3|3",
      })
  void quantitiesAddUpAsKubernetesWritesThem(String terms, String sum) {
    var sums = new TreeMap<String, String>();
    for (var term : List.of(terms.split(" "))) {
      Quantities.add(sums, Map.of("x", term));
    }
    assertThat(sums).containsExactly(Map.entry("x", sum));
  }
}
