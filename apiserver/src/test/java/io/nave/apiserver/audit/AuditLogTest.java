package io.nave.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.Json;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.audit.AuditLog.Keeping;
import io.nave.runtime.Disk;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditLogTest {
  private static final Path FOLDER = Path.of("/audit");
  private static final Path FILE = FOLDER.resolve("audit.log");

  private final SimWorld world = new SimWorld(11);
  private final SimHost host = world.host("hub");
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  @AfterEach
  void stop() {
    assertThat(world.taskFailures()).isEmpty();
    world.close();
  }

  private AuditLog open(Keeping keeping) {
    return AuditLog.open(host, FOLDER, AuditPolicy.DEFAULT, keeping, meters);
  }

  private void record(AuditLog log, int from, int to) {
    for (var i = from; i <= to; i++) {
      log.record(Json.object().put("kind", "Event").put("n", i).put("text", "a \"chain\": ü"));
    }
  }

  private void write(Keeping keeping, int from, int to) {
    try (var log = open(keeping)) {
      record(log, from, to);
    }
  }

  private void pass(Duration time) {
    host.start("wait", () -> host.sleep(time)).join(time.plusDays(1));
  }

  private AuditVerification verify() {
    return AuditVerification.of(host.disk(), FOLDER);
  }

  private void change(Path file, UnaryOperator<String> change) {
    var text = new String(host.disk().read(file).orElseThrow(), StandardCharsets.UTF_8);
    host.disk().write(file, change.apply(text).getBytes(StandardCharsets.UTF_8));
  }

  private static String without(String text, int line) {
    var lines = new java.util.ArrayList<>(text.lines().toList());
    lines.remove(line - 1);
    return String.join("\n", lines) + "\n";
  }

  @Test
  void whatIsRecordedIsAChainThatGoesOnAfterARestart() {
    write(Keeping.USUAL, 1, 3);
    write(Keeping.USUAL, 4, 5);
    var found = verify();
    assertThat(found.fault()).isEmpty();
    assertThat(found.entries()).isEqualTo(5);
    assertThat(found.last()).isEqualTo(5);
    var first =
        new String(host.disk().read(FILE).orElseThrow(), StandardCharsets.UTF_8)
            .lines()
            .findFirst()
            .orElseThrow();
    assertThat(Json.parse(first).path("n").asInt()).isEqualTo(1);
  }

  @Test
  void aChangedEntryIsFoundAndNamed() {
    write(Keeping.USUAL, 1, 5);
    change(FILE, text -> text.replace("\"n\":3", "\"n\":7"));
    assertThat(verify().fault()).startsWith("audit.log line 3: was changed");
  }

  @Test
  void aRemovedEntryIsFound() {
    write(Keeping.USUAL, 1, 5);
    change(FILE, text -> without(text, 2));
    assertThat(verify().fault()).startsWith("audit.log line 2: expected entry 2, found 3");
  }

  @Test
  void entriesRemovedAtTheEndAreFound() {
    write(Keeping.USUAL, 1, 5);
    change(FILE, text -> without(without(text, 5), 4));
    assertThat(verify().fault()).isEqualTo("entries 4 to 5 are missing at the end");
    // And a hub that starts on such a log says so in it.
    write(Keeping.USUAL, 6, 6);
    assertThat(verify().fault()).startsWith("audit.log line 4: expected entry 4, found 6");
    assertThat(new String(host.disk().read(FILE).orElseThrow(), StandardCharsets.UTF_8))
        .contains("entries 4 to 5 are missing");
  }

  @Test
  void aForgedEntryWithAHashOfItsOwnIsFoundByWhatFollows() {
    write(Keeping.USUAL, 1, 3);
    change(
        FILE,
        text -> {
          var lines = text.lines().toList();
          var before = Chain.read(lines.getFirst()).orElseThrow().end();
          var forged = Chain.line(before.next(Json.object().put("n", 99)));
          return lines.get(0) + "\n" + forged + lines.get(2) + "\n";
        });
    assertThat(verify().fault())
        .isEqualTo(
            "audit.log line 3: does not follow the entry before it; one of the two was replaced");
  }

  @Test
  void aForeignLineIsFound() {
    write(Keeping.USUAL, 1, 2);
    change(FILE, text -> text + "{\"kind\":\"Event\"}\n");
    assertThat(verify().fault()).startsWith("audit.log line 3: is no audit entry");
  }

  @Test
  void aHalfWrittenEntryOfACrashIsCutOff() {
    write(Keeping.USUAL, 1, 2);
    change(FILE, text -> text + "{\"kind\":\"Ev");
    assertThat(verify().whole()).isTrue();
    write(Keeping.USUAL, 3, 3);
    assertThat(verify().whole()).isTrue();
    assertThat(verify().entries()).isEqualTo(3);
  }

  @Test
  void filesRotateBySizeAndTheChainGoesThroughAll() {
    var small = new Keeping(200, Duration.ZERO, 0, false);
    for (var i = 1; i <= 6; i++) {
      write(small, i, i);
      pass(Duration.ofSeconds(1));
    }
    var old = new AuditFiles(host.disk(), FOLDER).old();
    assertThat(old).hasSizeGreaterThan(1);
    assertThat(verify().entries()).isEqualTo(6);
    assertThat(verify().whole()).isTrue();
    change(old.getFirst(), text -> text.replace("\"n\":1", "\"n\":8"));
    assertThat(verify().fault()).startsWith(old.getFirst().getFileName() + " line 1: was changed");
    host.disk().delete(old.get(1));
    change(old.getFirst(), text -> text.replace("\"n\":8", "\"n\":1"));
    assertThat(verify().fault()).contains("expected entry");
  }

  @Test
  void oldestFilesMayGoAndTheRestIsStillVerified() {
    var few = new Keeping(1, Duration.ZERO, 2, true);
    for (var i = 1; i <= 6; i++) {
      write(few, i, i);
      pass(Duration.ofSeconds(1));
    }
    assertThat(new AuditFiles(host.disk(), FOLDER).old()).hasSize(2);
    assertThat(verify().whole()).isTrue();
    assertThat(verify().first()).isEqualTo(4);
  }

  @Test
  void packedFilesAreVerifiedLikeOthers() {
    var packing = new Keeping(1, Duration.ZERO, 0, true);
    for (var i = 1; i <= 3; i++) {
      write(packing, i, i);
      pass(Duration.ofSeconds(1));
    }
    var files = new AuditFiles(host.disk(), FOLDER);
    assertThat(files.old()).hasSize(2).allMatch(file -> file.toString().endsWith(".log.gz"));
    assertThat(verify().entries()).isEqualTo(3);

    var first = files.old().getFirst();
    var text = files.text(first);
    var plain = FOLDER.resolve(first.getFileName().toString().replace(".gz", ""));
    host.disk().write(plain, text.getBytes(StandardCharsets.UTF_8));
    assertThat(verify().whole()).as("a crash between packing and removing").isTrue();
    files.remove(first);
    assertThat(files.old()).hasSize(1);
    assertThat(verify().first()).isEqualTo(2);

    var second = files.old().getFirst();
    var bytes = host.disk().read(second).orElseThrow();
    host.disk().write(second, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(verify().fault()).startsWith(second.getFileName() + " line ");
  }

  @Test
  void aDiskThatIsFullKeepsTheRotatedFileAsItIs() {
    write(Keeping.USUAL, 1, 2);
    var files = new AuditFiles(host.disk(), FOLDER);
    var rotated = files.rotated(host.now());
    host.disk().move(files.current(), rotated);
    host.disk().full(true);
    assertThatThrownBy(() -> files.pack(rotated)).isInstanceOf(Disk.DiskFailure.class);
    assertThat(files.old()).containsExactly(rotated);
    assertThat(verify().entries()).isEqualTo(2);
  }

  @Test
  void rotatedFilesGoByCountAndAge() {
    var now = Instant.parse("2026-06-10T00:00:00Z");
    var files = new AuditFiles(host.disk(), FOLDER);
    var old =
        List.of(
            files.rotated(now.minus(Duration.ofDays(9))),
            files.rotated(now.minus(Duration.ofDays(2))),
            files.rotated(now.minus(Duration.ofDays(1))));
    assertThat(AuditLog.superfluous(old, new Keeping(1, Duration.ofDays(7), 0, true), now))
        .containsExactly(old.get(0));
    assertThat(AuditLog.superfluous(old, new Keeping(1, Duration.ZERO, 1, true), now))
        .containsExactly(old.get(0), old.get(1));
    assertThat(AuditLog.superfluous(old, new Keeping(1, Duration.ZERO, 0, true), now)).isEmpty();
  }

  @Test
  void aFullDiskLosesEventsAndSaysHowManyWhenItWorksAgain() {
    try (var log = open(Keeping.USUAL)) {
      record(log, 1, 2);
      pass(Duration.ofSeconds(1));
      host.disk().full(true);
      record(log, 3, 5);
      pass(Duration.ofSeconds(1));
      assertThat(meters.counter("hub.audit.dropped").count()).isEqualTo(3);
      host.disk().full(false);
      record(log, 6, 6);
    }
    assertThat(verify().whole()).isTrue();
    assertThat(verify().entries()).isEqualTo(4);
    assertThat(new String(host.disk().read(FILE).orElseThrow(), StandardCharsets.UTF_8))
        .contains("3 events could not be recorded before this one");
  }

  @Test
  void theDefaultPolicyRecordsWritesByMetadataOnly() {
    var anna = Caller.of("anna", "dev");
    var secret = new Api.Attributes("create", "", "secrets", "", "a", "b", "");
    assertThat(AuditPolicy.DEFAULT.decide(anna, secret).level()).isEqualTo(AuditLevel.METADATA);
    var read = new Api.Attributes("get", "", "secrets", "", "a", "b", "");
    assertThat(AuditPolicy.DEFAULT.decide(anna, read).level()).isEqualTo(AuditLevel.NONE);
    var renewal = new Api.Attributes("update", "coordination.k8s.io", "leases", "", "a", "b", "");
    assertThat(AuditPolicy.DEFAULT.decide(anna, renewal).level()).isEqualTo(AuditLevel.NONE);
  }

  @Test
  void theFirstRuleThatMatchesDecides() {
    var policy =
        AuditPolicy.parse(
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - level: None
              users: [anna]
              verbs: [get]
            - level: RequestResponse
              userGroups: [dev]
              namespaces: [prod]
              omitStages: [ResponseStarted]
            - level: Request
              resources:
              - group: ""
                resources: [pods/log, "*/status", secrets]
                resourceNames: [x]
            - level: Metadata
              nonResourceURLs: ["/metrics*"]
            """);
    var anna = Caller.of("anna", "dev");
    var zoe = Caller.of("zoe");
    assertThat(policy.decide(anna, pods("get", "prod", "")).level()).isEqualTo(AuditLevel.NONE);
    var both = policy.decide(anna, pods("list", "prod", ""));
    assertThat(both.level()).isEqualTo(AuditLevel.REQUEST_RESPONSE);
    assertThat(both.records("ResponseStarted")).isFalse();
    assertThat(both.records("RequestReceived")).isFalse();
    assertThat(both.records("ResponseComplete")).isTrue();
    assertThat(policy.decide(zoe, pods("list", "a", "")).level()).isEqualTo(AuditLevel.NONE);
    assertThat(policy.decide(zoe, pods("list", "a", "log")).level()).isEqualTo(AuditLevel.REQUEST);
    assertThat(policy.decide(zoe, pods("list", "a", "status")).level())
        .isEqualTo(AuditLevel.REQUEST);
    assertThat(policy.decide(zoe, Api.Attributes.ofPath("get", "/metrics/x")).level())
        .isEqualTo(AuditLevel.METADATA);
    assertThat(policy.decide(zoe, Api.Attributes.ofPath("get", "/api")).level())
        .isEqualTo(AuditLevel.NONE);
  }

  private static Api.Attributes pods(String verb, String namespace, String subresource) {
    return new Api.Attributes(verb, "", "pods", subresource, namespace, "x", "");
  }

  @Test
  void aPolicyThatIsNoneNamesTheField() {
    assertThatThrownBy(() -> AuditPolicy.parse("{kind: Policy, apiVersion: v1}"))
        .hasMessageContaining("apiVersion: expected audit.k8s.io/v1, found \"v1\"");
    assertThatThrownBy(() ->
            AuditPolicy.parse("{kind: Policy, apiVersion: audit.k8s.io/v1, rules: [{level: All}]}"))
        .hasMessageContaining("rules[0].level: expected None, Metadata");
  }
}
