package io.nave.api.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cel.common.types.SimpleType;
import io.nave.api.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelProgramTest {
  private static final CelEnvironment SELF = CelEnvironment.standard().with(List.of("self"));

  private static Map<String, Object> self(String json) {
    return Map.of("self", CelValues.toCel(Json.parse(json)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " | ",
      textBlock =
          """
          self.n + 1 == 3                        | true
          self.list.all(x, x > 0)                | true
          self.list.exists_one(x, x == 2)        | true
          has(self.absent)                       | false
          self.?absent.orValue(7) == 7           | true
          self.text.matches('^a+$')              | true
          self.text.upperAscii() == 'AAA'        | true
          self.map.key in ['v', 'w']             | true
          self.n < 2.5                           | true
          self.nothing == null                   | true
          """)
  void speaksCel(String source, boolean expected) {
    var values =
        self("{\"n\":2,\"list\":[1,2],\"text\":\"aaa\",\"map\":{\"key\":\"v\"},\"nothing\":null}");

    assertThat(SELF.compile(source).test(values)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"self.", "other", "size(self, self)", "nope()", "", "'"})
  void refusesWhatIsNoExpression(String source) {
    assertThatThrownBy(() -> SELF.compile(source)).isInstanceOf(BadExpression.class);
  }

  @Test
  void checksTypesWhereTheyAreKnown() {
    var typed = CelEnvironment.standard().with("n", SimpleType.INT);

    assertThatThrownBy(() -> typed.compile("n == 'text'"))
        .isInstanceOf(BadExpression.class)
        .hasMessageContaining("no matching overload");
  }

  @Test
  void refusesToNestWithoutEnd() {
    var source = "(".repeat(200) + "1" + ")".repeat(200);

    assertThatThrownBy(() -> SELF.compile(source)).isInstanceOf(BadExpression.class);
  }

  @Test
  void tellsWhatFailsOnTheseValues() {
    var program = SELF.compile("self.absent == 1");

    assertThatThrownBy(() -> program.test(self("{}")))
        .isInstanceOf(CelFault.class)
        .hasMessageContaining("absent");
  }

  @Test
  void aTestYieldsTrueOrFalse() {
    var program = SELF.compile("self.n");

    assertThatThrownBy(() -> program.test(self("{\"n\":1}")))
        .hasMessage("expected true or false, found int");
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(
      strings = {
        "self.all(a, self.all(b, self.all(c, a + b + c >= 0)))",
        "self.map(a, self.map(b, a * b)).size() > 0",
        "self.all(a, self == self)",
        "self.all(a, !(-1 in self))",
        "self.map(a, self).map(b, b + b).size() > 0",
        "self.map(a, a).size() > 0",
      })
  void stopsWhatCostsTooMuch(String source) {
    var program = SELF.compile(source);
    var list = IntStream.range(0, 10_000).mapToObj(Long::valueOf).toList();

    assertThatThrownBy(() -> program.test(Map.of("self", list)))
        .isInstanceOf(CelFault.OverBudget.class)
        .hasMessageContaining("1000000 units");
  }

  @Test
  void stopsATextThatDoublesItself() {
    var doubled = "self";
    for (int i = 0; i < 10; i++) {
      doubled = "[" + doubled + "].map(x, x + x)[0]";
    }
    var program = SELF.compile(doubled + " == ''");

    assertThatThrownBy(() -> program.test(Map.of("self", "a".repeat(20_000))))
        .isInstanceOf(CelFault.OverBudget.class);
  }

  @Test
  void countsWhatSeveralExpressionsCostTogether() {
    var budget = CelBudget.of(100);
    var program = SELF.compile("self.n == 1");
    var values = self("{\"n\":1}");

    assertThat(program.test(values, budget)).isTrue();
    var afterOne = budget.left();
    assertThat(program.test(values, budget)).isTrue();

    assertThat(afterOne).isBetween(90L, 99L);
    assertThat(100 - budget.left()).isEqualTo(2 * (100 - afterOne));
  }

  @Test
  void aListOfTwoThousandIsMappedWithinTheBudgetOfOneExpression() {
    var program = SELF.compile("self.map(x, x + 1).size() == 2000");
    var list = IntStream.range(0, 2_000).mapToObj(Long::valueOf).toList();

    assertThat(program.test(Map.of("self", list))).isTrue();
  }
}
