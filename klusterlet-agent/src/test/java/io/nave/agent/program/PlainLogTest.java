package io.nave.agent.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.event.Level;

class PlainLogTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private Logger logger(String name, Level level) {
    var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new PlainLog(level, stream).getLoggerFactory().getLogger(name);
  }

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void writesLevelNameMessageAndFacts() {
    logger("io.nave.agent.Thing", Level.INFO)
        .atWarn()
        .addKeyValue("key", "a")
        .addKeyValue("n", 1)
        .log("it happened");

    assertThat(text())
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d+Z WARN  Thing it happened key=\"a\" n=\"1\"\\R");
  }

  @Test
  void fillsInArgumentsAndTellsCauses() {
    var cause = new IllegalStateException("deep");

    logger("io.nave.X", Level.INFO).error("{} of {}", 1, 2, new RuntimeException("high", cause));

    assertThat(text())
        .contains("ERROR X 1 of 2")
        .contains("java.lang.RuntimeException: high")
        .contains("Caused by: java.lang.IllegalStateException: deep");
  }

  @Test
  void hidesWhatIsBelowItsLevelAndLibrariesInformation() {
    logger("io.nave.X", Level.INFO).debug("hidden");
    logger("other.library", Level.DEBUG).info("hidden");
    logger("other.library", Level.DEBUG).warn("shown");

    assertThat(text()).doesNotContain("hidden").contains("WARN  library shown");
  }

  @Test
  void aLevelThatIsNoneMeansInformation() {
    assertThat(PlainLog.level("debug")).isEqualTo(Level.DEBUG);
    assertThat(PlainLog.level("loud")).isEqualTo(Level.INFO);
    assertThat(PlainLog.level(null)).isEqualTo(Level.INFO);
  }
}
