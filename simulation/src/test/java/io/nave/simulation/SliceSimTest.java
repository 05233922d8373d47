package io.nave.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.runtime.sim.SimWorld;
import io.nave.testkit.Seeds;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

final class SliceSimTest {
  private static final long SEED = 4711;

  /// - Goal: whatever happens meanwhile, in the end every cluster runs what the application says,
  ///   nothing else runs, the hub knows it, and nothing acknowledged is lost.
  /// - Method: [SliceStory]; the promises of [Promises], [Scribe] and [Witness].
  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 6)
  void anApplicationIsDeliveredWhateverHappens(long seed) {
    SliceStory.tell(seed);
  }

  @Test
  void theSameSeedTellsTheSameStory() {
    var story = SliceStory.tell(SEED);
    assertSame(SliceStory.tell(SEED), story);
    assertThat(SliceStory.tell(SEED + 1)).isNotEqualTo(story);
    assertThat(story).contains("hub crash").contains("partition ");
  }

  /// Another process has other hash seeds for `Map.of`, other identity hashes, another real clock.
  @Test
  void anotherProcessTellsTheSameStory() throws Exception {
    assertSame(toldElsewhere(), SliceStory.tell(SEED));
  }

  /// That acknowledged writes are missed when they get lost: a disk that lies loses some.
  @Test
  void aDiskThatLiesIsFoundOut() {
    try (var world = new SimWorld(SEED)) {
      var fleet = Fleet.of(world, 1);
      var scribe = Scribe.start(fleet);
      fleet.join();
      fleet.hub().platter().lying(true);
      fleet.apply(Shop.yaml(1));
      world.run(Duration.ofMinutes(1));
      fleet.crashHub();
      fleet.restartHub();
      fleet.await("the hub", () -> fleet.hub().up());
      assertThatThrownBy(() -> scribe.check(fleet)).isInstanceOf(AssertionError.class);
      fleet.apply(Shop.yaml(1));
      world.run(Duration.ofMinutes(1));
      assertThat(fleet.witness().faults()).first().asString().contains("the revision of");
    }
  }

  private static String toldElsewhere() throws IOException, InterruptedException {
    var child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ToldElsewhere.class.getName(),
                Long.toString(SEED))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var out = child.getInputStream()) {
      var told = new String(out.readAllBytes(), UTF_8);
      assertThat(child.waitFor()).as("exit code, after %s", told).isZero();
      return told;
    } finally {
      child.destroyForcibly();
    }
  }

  /// Two logs of megabytes: what matters is the first line that differs.
  private static void assertSame(String told, String expected) {
    if (told.equals(expected)) {
      return;
    }
    var a = told.split("\n");
    var b = expected.split("\n");
    var i = 0;
    while (i < Math.min(a.length, b.length) && a[i].equals(b[i])) {
      i++;
    }
    assertThat(i < a.length ? a[i] : "the end")
        .as("line %d, after %s", i + 1, i == 0 ? "the beginning" : b[i - 1])
        .isEqualTo(i < b.length ? b[i] : "the end");
  }
}
