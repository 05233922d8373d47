package io.nave.runtime.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.runtime.Disk.DiskFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SimDiskTest {
  private static final Path FILE = Path.of("/data/state");

  @Test
  void aCrashDuringAWriteLeavesTheOldBytesOrTheNewOnes() {
    var found = new TreeSet<Integer>();
    for (int seed = 0; seed < 40; seed++) {
      try (var world = new SimWorld(seed)) {
        var host = world.host("hub");
        host.disk().write(FILE, new byte[] {1});
        host.disk().syncTime(Duration.ofMillis(10), Duration.ofMillis(10));
        host.start("writes", () -> host.disk().write(FILE, new byte[] {2}));
        world.run(Duration.ofMillis(5));
        host.crash();
        found.add((int) host.disk().read(FILE).orElseThrow()[0]);
      }
    }
    assertThat(found).containsExactly(1, 2);
  }

  @Test
  void anAcknowledgedWriteSurvivesACrashAndItsLocksDoNot() {
    try (var world = new SimWorld(1)) {
      var host = world.host("hub");
      host.start(
          "writes",
          () -> {
            host.disk().lock(FILE.getParent());
            host.disk().write(FILE, new byte[] {2});
            host.crash();
          });
      world.run(Duration.ofSeconds(1));
      assertThat(host.disk().read(FILE)).hasValueSatisfying(b -> assertThat(b).containsExactly(2));
      host.disk().lock(FILE.getParent()).close();
    }
  }

  @Test
  void aLyingDiskLosesItsLastWritesAtACrashInOrder() {
    var kept = new TreeSet<Integer>();
    for (int seed = 0; seed < 60; seed++) {
      try (var world = new SimWorld(seed)) {
        var host = world.host("hub");
        host.disk().write(FILE, new byte[] {0});
        host.disk().lying(true);
        for (byte i = 1; i <= 4; i++) {
          host.disk().write(FILE, new byte[] {i});
        }
        host.crash();
        kept.add((int) host.disk().read(FILE).orElseThrow()[0]);
      }
    }
    assertThat(kept).containsExactly(0, 1, 2, 3);
  }

  @Test
  void aFullReadOnlyOrBrokenDiskSaysSoAndKeepsWhatWasThere() {
    try (var world = new SimWorld(1)) {
      var disk = world.host("hub").disk();
      disk.write(FILE, new byte[] {1});
      disk.full(true);
      assertThatThrownBy(() -> disk.write(FILE, new byte[] {2}))
          .isInstanceOf(DiskFailure.class)
          .hasMessageContaining("/data/state cannot be written: the disk is full");
      disk.full(false);
      disk.readOnly(true);
      assertThatThrownBy(() -> disk.delete(FILE))
          .isInstanceOf(DiskFailure.class)
          .hasMessageContaining("read-only");
      disk.readOnly(false);
      disk.unreadable(FILE, true);
      assertThatThrownBy(() -> disk.read(FILE)).isInstanceOf(DiskFailure.class);
      disk.unreadable(FILE, false);
      assertThat(disk.read(FILE)).hasValueSatisfying(b -> assertThat(b).containsExactly(1));
    }
  }
}
