package io.nave.agent.work;

import static io.nave.agent.work.Bench.CONFIG_MAPS;
import static io.nave.agent.work.Bench.RECORDS;
import static io.nave.agent.work.Bench.WORKS;
import static io.nave.agent.work.Bench.configMap;
import static io.nave.agent.work.Bench.merge;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Selection;
import io.nave.testkit.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;

/// - Goal: whatever happened, once it is over the cluster holds exactly what the works say, the
///   records say exactly that, and no deletion is stuck. And at no time is anything applied that
///   was not asked for, or again after something newer was; is anything removed that the user still
///   wanted; does a status claim what the cluster never showed ([Ledger]).
/// - Method: works come, change and go; objects drift; the hub, the cluster and the agent's process
///   go away at any time; what is written to the hub arrives twice or its answer gets lost; then
///   all is calm for a while.
class WorkChaosSimTest {
  private static final int STEPS = 60;

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 40)
  void convergesWhateverHappens(long seed) {
    assertThat(run(seed)).contains("create appliedmanifestworks");
  }

  @ParameterizedTest(name = "-Dseed={0}")
  @Seeds(runs = 5)
  void theSameSeedGivesTheSameRun(long seed) {
    assertThat(run(seed)).isEqualTo(run(seed));
  }

  /// @return all that the agent wrote
  private static String run(long seed) {
    try (var bench = new Bench(seed)) {
      var random = new Random(seed);
      var ledger = new Ledger(bench);
      bench.hubLine.noise = new Random(seed + 1);
      bench.cluster.create(CONFIG_MAPS, Bench.object(configMap("bystander", "theirs")));
      bench.start();
      boolean up = true;
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(11)) {
          case 0, 1, 2 -> change(bench, ledger, random);
          case 3 -> {
            var work = work(random);
            quietly(() -> bench.hub.delete(WORKS, work, null));
            ledger.dropped(work.name(), List.of());
          }
          case 4 -> quietly(() -> bench.cluster.delete(CONFIG_MAPS, object(random), null));
          case 5 ->
              quietly(() ->
                  bench.cluster.patch(
                      CONFIG_MAPS, object(random), "", merge("{'data':{'key':'drift'}}")));
          case 6 -> flip(bench.hubLine, random);
          case 7 -> flip(bench.clusterLine, random);
          case 8 -> {
            if (up) {
              bench.crash();
            } else {
              bench.start();
            }
            up = !up;
          }
          case 9 -> {
            var work = work(random).name();
            quietly(
                () -> bench.cluster.delete(RECORDS, Key.of(bench.settings.recordName(work)), null));
            ledger.dropped(work, List.of()); // with its record go all objects, to be made anew
          }
          default -> bench.world.run(Duration.ofSeconds(random.nextInt(90)));
        }
        bench.world.run(Duration.ofMillis(random.nextInt(400)));
        ledger.check();
      }
      bench.hubLine.noise = null;
      bench.hubLine.mend();
      bench.clusterLine.mend();
      if (!up) {
        bench.start();
      }
      bench.world.run(Duration.ofMinutes(15));
      check(bench);
      ledger.check();
      return String.join("\n", bench.clusterLine.writes)
          + "\n--\n"
          + String.join("\n", bench.hubLine.writes);
    }
  }

  private static void change(Bench bench, Ledger ledger, Random random) {
    var name = work(random).name();
    var manifests = new ArrayList<String>();
    var wanted = new ArrayList<String>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      // Each work has objects of its own: two that want different things would rightly fight.
      var value = ledger.next(name + i);
      manifests.add(configMap(name + i, value));
      wanted.add(value);
    }
    quietly(() -> {
      var texts = manifests.toArray(String[]::new);
      var key = Key.of("east", name);
      if (bench.hub.find(WORKS, key).isPresent()) {
        bench.rework(name, texts);
      } else {
        bench.work(name, texts);
      }
      ledger.wants(bench.hub.get(WORKS, key), wanted);
    });
    ledger.dropped(name, wanted);
  }

  private static void check(Bench bench) {
    assertThat(bench.world.taskFailures()).isEmpty();
    var wanted = new TreeMap<String, String>();
    var recorded = new TreeSet<String>();
    for (var work : bench.hub.list(WORKS, "east", Selection.all()).items()) {
      assertThat(work.deleting()).as("deletion of %s is stuck", work.name()).isFalse();
      assertThat(bench.applied(work.name())).as("work %s is applied", work.name()).isTrue();
      recorded.add(bench.settings.recordName(work.name()));
      for (var manifest : WorkFile.manifests(work)) {
        wanted.put(manifest.at("/metadata/name").asString(), manifest.at("/data/key").asString());
      }
    }
    var found = new TreeMap<String, String>();
    for (var object : bench.cluster.list(CONFIG_MAPS, "shop", Selection.all()).items()) {
      found.put(object.name(), object.at("/data/key").asString());
    }
    wanted.put("bystander", "theirs");
    assertThat(found).isEqualTo(wanted);
    assertThat(bench.cluster.list(RECORDS, "", Selection.all()).items())
        .extracting(ApiObject::name)
        .containsExactlyElementsOf(recorded);
    assertThat(bench.agentHost.disk().list(Bench.FOLDER)).hasSameSizeAs(recorded);
  }

  private static void flip(Line line, Random random) {
    if (random.nextBoolean()) {
      line.cut();
    } else {
      line.mend();
    }
  }

  private static Key work(Random random) {
    return Key.of("east", "w" + random.nextInt(3));
  }

  private static Key object(Random random) {
    return Key.of("shop", "w" + random.nextInt(3) + random.nextInt(3));
  }

  /// What is not there, or just going, is no matter here.
  private static void quietly(Runnable step) {
    try {
      step.run();
    } catch (ApiError e) {
      assertThat(e.code()).isIn(404, 409);
    }
  }
}
