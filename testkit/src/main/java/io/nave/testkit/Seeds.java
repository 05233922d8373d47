package io.nave.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.provider.ArgumentsSource;

/// Runs a parameterized test with one `long`, its seed, `runs` times.
///
/// ```java
/// @ParameterizedTest(name = "-Dseed={0}")
/// @Seeds(runs = 20)
/// void acknowledgedCommitsSurviveACrash(long seed) {
/// ```
///
/// The seeds are the same on every machine, and other ones for each test method. `-Dseed=4711` runs
/// that seed alone, which is how a failure is replayed; `-Dseed=random` draws new ones.
/// `-Dseeds=500` runs that many instead of `runs`.
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@ArgumentsSource(SeedSource.class)
public @interface Seeds {
  /// How many seeds, at least 1.
  int runs() default 10;
}
