package io.nave.placement.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.nave.placement.schedule.Apportionment.Part;
import io.nave.testkit.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApportionmentTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10 | 1 1 1       | 4 3 3",
        "0  | 1 1         | 0 0",
        "3  | 3 1 0       | 2 1 0",
        "9  | 3 3 1 0     | 4 4 1 0",
        "5  | 0 0         | 0 0",
        "2  | 1 1 1       | 1 1 0",
        "1000000 | 2 1 1  | 500000 250000 250000",
      })
  void givesByWeight(int things, String weights, String given) {
    var parts =
        Arrays.stream(weights.trim().split(" "))
            .map(each -> new Part(Long.parseLong(each), 1_000_000, 0))
            .toList();
    assertThat(text(Apportionment.divide(things, parts))).isEqualTo(given.trim());
  }

  @Test
  void givesNobodyMoreThanFits() {
    var parts = List.of(new Part(10, 3, 0), new Part(1, 100, 0), new Part(1, 1, 0));

    assertThat(text(Apportionment.divide(9, parts))).isEqualTo("3 5 1");
    assertThat(text(Apportionment.divide(200, parts))).isEqualTo("3 100 1");
  }

  @Test
  void whoHasARemainderKeepsIt() {
    var parts = List.of(new Part(1, 9, 3), new Part(1, 9, 4), new Part(1, 9, 3));

    assertThat(text(Apportionment.divide(10, parts))).isEqualTo("3 4 3");
  }

  /// - Goal: the arithmetic start gives what giving one by one gives.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 200)
  void startingByArithmeticChangesNothing(long seed) {
    var random = new Random(seed);
    var parts = parts(random);
    var things = random.nextInt(200);

    assertThat(Apportionment.divide(things, parts)).containsExactly(oneByOne(things, parts));
  }

  private static int[] oneByOne(int things, List<Part> parts) {
    var given = new int[parts.size()];
    for (var left = things; left > 0; left--) {
      var best = -1;
      for (var i = 0; i < given.length; i++) {
        var open = parts.get(i).weight() > 0 && given[i] < parts.get(i).most();
        if (open && (best < 0 || before(parts, given, i, best))) {
          best = i;
        }
      }
      if (best >= 0) {
        given[best]++;
      }
    }
    return given;
  }

  private static boolean before(List<Part> parts, int[] given, int one, int other) {
    var mine = parts.get(one).weight() * (2L * given[other] + 1);
    var theirs = parts.get(other).weight() * (2L * given[one] + 1);
    return mine > theirs
        || (mine == theirs
            && parts.get(one).held() > given[one]
            && parts.get(other).held() <= given[other]);
  }

  /// - Goal: one part more takes from the others and moves nothing between them; one less gives to
  ///   them only; one thing more goes to one part and takes from none.
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 200)
  void movesNoMoreThanItMust(long seed) {
    var random = new Random(seed);
    var parts = parts(random);
    var things = random.nextInt(200);
    var before = Apportionment.divide(things, parts);
    var held = new ArrayList<Part>();
    for (var i = 0; i < before.length; i++) {
      held.add(new Part(parts.get(i).weight(), parts.get(i).most(), before[i]));
    }

    var same = Apportionment.divide(things, held);
    var more = Apportionment.divide(things + 1, held);
    var newcomer = new ArrayList<>(held);
    newcomer.addFirst(new Part(1 + random.nextInt(9), 200, 0));
    var wider = Apportionment.divide(things, newcomer);
    var narrower = Apportionment.divide(things, held.subList(1, held.size()));

    assertThat(same).containsExactly(before);
    for (var i = 0; i < before.length; i++) {
      assertThat(more[i]).isBetween(before[i], before[i] + 1);
      assertThat(wider[i + 1]).isLessThanOrEqualTo(before[i]);
    }
    for (var i = 1; i < before.length; i++) {
      assertThat(narrower[i - 1]).isGreaterThanOrEqualTo(before[i]);
    }
  }

  private static List<Part> parts(Random random) {
    return IntStream.range(0, 2 + random.nextInt(6))
        .mapToObj(_ -> new Part(random.nextInt(10), random.nextInt(100), random.nextInt(20)))
        .toList();
  }

  private static String text(int[] given) {
    return String.join(" ", Arrays.stream(given).mapToObj(String::valueOf).toList());
  }
}
