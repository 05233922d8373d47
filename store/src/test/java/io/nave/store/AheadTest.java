package io.nave.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.runtime.RealHost;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AheadTest {
  private final RealHost host = RealHost.start("test");

  @AfterEach
  void end() {
    host.close();
  }

  @Test
  void partsComeInOrderAndThenNoMore() throws SQLException {
    try (var ahead =
        Ahead.<Integer>start(
            host,
            "numbers",
            into -> {
              for (int i = 0; i < 100; i++) {
                into.put(i);
              }
            })) {
      for (int i = 0; i < 100; i++) {
        assertThat(ahead.next()).isEqualTo(i);
      }
      assertThat(ahead.next()).isNull();
    }
  }

  @Test
  void whatStopsTheReaderIsToldAfterThePartsBeforeIt() throws SQLException {
    try (var ahead =
        Ahead.<Integer>start(
            host,
            "broken",
            into -> {
              into.put(1);
              throw new SQLException("row 2 is damaged");
            })) {
      assertThat(ahead.next()).isEqualTo(1);
      assertThatThrownBy(ahead::next)
          .isInstanceOf(SQLException.class)
          .hasMessage("row 2 is damaged");
    }
  }

  @Test
  void closingStopsAReaderThatWouldNeverEnd() {
    var read = new AtomicInteger();
    var over = new AtomicBoolean();
    try (var ahead =
        Ahead.<Integer>start(
            host,
            "endless",
            into -> {
              try {
                while (into.put(read.incrementAndGet())) {}
              } finally {
                over.set(true);
              }
            })) {
      assertThat(ahead).isNotNull();
    }
    assertThat(over).isTrue();
    assertThat(read.get()).isLessThanOrEqualTo(10); // eight wait, one is refused
  }
}
