package io.nave.apiserver.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every input that fuzzing begins from or once found, without the fuzzer.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FuzzedTest {
  @ParameterizedTest
  @EnumSource
  void everyKeptInputIsReadOrRefused(Fuzzed fuzzed) throws IOException {
    var inputs = fuzzed.inputs();
    assertThat(inputs).hasSizeGreaterThan(2);
    var target = fuzzed.open();
    target.feed(new byte[0]);
    for (var input : inputs) {
      try {
        target.feed(Files.readAllBytes(input));
      } catch (RuntimeException | Error e) {
        throw new AssertionError(input.toString(), e);
      }
    }
  }
}
