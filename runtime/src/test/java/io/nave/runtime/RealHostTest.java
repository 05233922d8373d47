package io.nave.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RealHostTest extends HostContract {
  private final RealHost host = RealHost.start("test");
  @TempDir private Path folder;

  @Override
  Host host() {
    return host;
  }

  @Override
  Path folder() {
    return folder.resolve("data");
  }

  @AfterEach
  void close() {
    host.close();
  }

  @Test
  void closingCancelsAllTasksAndRefusesNewOnes() {
    var first = host.start("first", () -> host.sleep(LONG));
    var second = host.start("second", () -> host.mailbox(1).take());
    host.close();
    assertThat(first.ended()).isTrue();
    assertThat(second.ended()).isTrue();
    assertThatThrownBy(() -> host.start("late", () -> {})).isInstanceOf(Cancelled.class);
  }

  @Test
  void oneOfItsTasksMayCloseIt() {
    var task = host.start("closes", host::close);
    assertThat(task.join(LONG.dividedBy(10))).isTrue();
  }

  @Test
  void aThousandTasksWaitAtOnce() {
    var monitor = host.monitor();
    var open = new boolean[1];
    var tasks =
        java.util.stream.IntStream.range(0, 1000)
            .mapToObj(i ->
                host.start(
                    "waits " + i,
                    () -> {
                      try (var _ = monitor.lock()) {
                        while (!open[0]) {
                          monitor.await();
                        }
                      }
                    }))
            .toList();
    try (var _ = monitor.lock()) {
      open[0] = true;
      monitor.signalAll();
    }
    assertThat(tasks).allMatch(task -> task.join(LONG));
  }
}
