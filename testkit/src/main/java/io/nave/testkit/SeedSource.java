package io.nave.testkit;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.AnnotationBasedArgumentsProvider;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.support.ParameterDeclarations;

/// Serves [Seeds]; JUnit makes it.
final class SeedSource extends AnnotationBasedArgumentsProvider<Seeds> {
  private static final long SEED_BOUND = 1_000_000_000L; // short enough to be typed

  SeedSource() {}

  @Override
  protected Stream<? extends Arguments> provideArguments(
      ParameterDeclarations parameters, ExtensionContext context, Seeds seeds) {
    var test =
        context.getRequiredTestClass().getName() + "." + context.getRequiredTestMethod().getName();
    var runs = Integer.getInteger("seeds", seeds.runs());
    return seeds(runs, test, System.getProperty("seed")).mapToObj(seed -> Arguments.of(seed));
  }

  /// @param asked what `-Dseed` says
  static LongStream seeds(int runs, String test, @Nullable String asked) {
    if (runs < 1) {
      throw new IllegalArgumentException("@Seeds: runs must be at least 1, was " + runs);
    }
    if (asked == null || asked.isBlank()) {
      return drawn(runs, new SplittableRandom(test.hashCode()));
    }
    if (asked.equals("random")) {
      return drawn(runs, new SplittableRandom());
    }
    try {
      return LongStream.of(Long.parseLong(asked));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "-Dseed must be a whole number or `random`, was `" + asked + "`", e);
    }
  }

  private static LongStream drawn(int runs, SplittableRandom random) {
    return random.longs(0, SEED_BOUND).limit(runs);
  }
}
