package io.nave.store;

import static io.nave.store.Samples.key;
import static io.nave.store.Samples.n;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.runtime.RealHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `-Dkills=100 -Dsurefire.timeout=7200` for a long run.
final class KilledStoreE2E {
  private static final int KILLS = Integer.getInteger("kills", 5);
  private static final int LINES_BEFORE_KILL = 400;

  /// Far more than a kill takes, as machines are busy.
  private static final Duration KILL_MAX = Duration.ofMinutes(1);

  @TempDir private Path dir;

  /// - Goal: an acknowledged commit survives `kill -9`, and no commit is half there.
  /// - Method: a child process says what was acknowledged until it is killed; the file is then read
  ///   by this process and handed to the next child.
  @Test
  void nothingAcknowledgedIsLostWhenTheProcessIsKilled() {
    assertTimeoutPreemptively(KILL_MAX.multipliedBy(KILLS), this::killAgainAndAgain);
  }

  private void killAgainAndAgain() throws IOException, InterruptedException {
    var acknowledged = new TreeMap<String, Long>();
    long lastRevision = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      for (var line : linesOfAKilledChild(LINES_BEFORE_KILL + 150 * (kill % 5))) {
        var words = line.split(" ");
        acknowledged.put(words[0], Long.parseLong(words[1]));
        lastRevision = Math.max(lastRevision, Long.parseLong(words[2]));
      }
      compare(acknowledged, lastRevision);
    }
    assertThat(acknowledged).hasSize(KilledStore.WRITERS);
  }

  private List<String> linesOfAKilledChild(int before) throws IOException, InterruptedException {
    var child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledStore.class.getName(),
                dir.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var lines = new ArrayList<String>();
    try (var out = new BufferedReader(new InputStreamReader(child.getInputStream(), UTF_8))) {
      for (var line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
        if (lines.size() == before) {
          child.toHandle().destroyForcibly(); // SIGKILL; the streams stay open
        }
      }
    } finally {
      child.destroyForcibly();
    }
    assertThat(child.waitFor()).as("exit code of a killed process").isEqualTo(137);
    lines.removeLast(); // may be cut
    assertThat(lines).hasSizeGreaterThanOrEqualTo(before - 1);
    return lines;
  }

  private void compare(TreeMap<String, Long> acknowledged, long lastRevision) {
    try (var host = RealHost.start("test");
        var store =
            EmbeddedStore.open(
                host, SqliteEngine.open(host, dir), Limits.defaults(), new SimpleMeterRegistry())) {
      var view = store.view();
      assertThat(view.revision()).isGreaterThanOrEqualTo(lastRevision);
      acknowledged.forEach((name, value) -> {
        var stored = view.get(key(name)).orElseThrow();
        var twin = view.get(key(name + "-twin")).orElseThrow();
        assertThat(n(stored)).isGreaterThanOrEqualTo(value);
        assertThat(n(twin)).isEqualTo(n(stored));
        assertThat(twin.revision()).isEqualTo(stored.revision() + 1);
      });
    }
  }
}
