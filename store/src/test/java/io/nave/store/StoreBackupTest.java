package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.OTHER;
import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.n;
import static io.nave.store.Samples.put;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.runtime.Disk;
import io.nave.runtime.RealHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
final class StoreBackupTest {
  private static final Map<String, byte[]> FILES = Map.of("ca.key", "the key".getBytes(UTF_8));

  @TempDir private Path dir;

  private final RealHost host = RealHost.start("test");
  private final byte[] keys = EncryptionKeys.renewed(host.secureRandom(), null);
  private final Sealer sealer =
      Sealer.of(EncryptionKeys.parse("keys", keys), Set.of(OTHER), host.secureRandom());
  private final StoreBackup backups = new StoreBackup(host, sealer);

  @AfterEach
  void close() {
    host.close();
  }

  private Store open(String folder) {
    var engine = SqliteEngine.open(host, dir.resolve(folder));
    return EmbeddedStore.open(host, engine, Limits.defaults(), sealer, new SimpleMeterRegistry());
  }

  private Path backup() {
    return dir.resolve("backup.db");
  }

  /// - Goal: a backup is the state of one moment, taken while commits go on.
  /// - Method: one writer raises two objects together; the backup, restored, has them equal.
  @Test
  void aBackupOfAStoreInUseIsOneMomentOfItAndCanBeRestored() {
    long told;
    try (var store = open("a")) {
      for (int i = 0; i < 2000; i++) {
        commit(store, put(key("filler" + i), i));
      }
      var writer = host.start("writer", () -> raise(store));
      while (store.view().get(key("one")).isEmpty()) {
        host.sleep(java.time.Duration.ofMillis(10));
      }
      told = n(store.view().get(key("one")).orElseThrow());
      var content = backups.write(dir.resolve("a"), backup(), FILES);
      assertThat(content.objects()).isEqualTo(2002);
      assertThat(content.files()).containsExactly("ca.key");
      writer.cancel();
      writer.join(java.time.Duration.ofSeconds(5));
    }
    var files = backups.restore(backup(), dir.resolve("b"), false);
    assertThat(files.get("ca.key")).isEqualTo("the key".getBytes(UTF_8));
    try (var store = open("b")) {
      var one = n(store.view().get(key("one")).orElseThrow());
      assertThat(one).isGreaterThanOrEqualTo(told);
      assertThat(n(store.view().get(key("two")).orElseThrow())).isEqualTo(one);
      assertThat(store.view().count(BUCKET, "")).isEqualTo(2002);
      assertThat(store.view().revision()).isGreaterThan(StoreBackup.REVISION_GAP);
      assertThatThrownBy(() -> store.watch(BUCKET, 2000, 1)).isInstanceOf(TooOld.class);
    }
  }

  private static void raise(Store store) {
    for (int i = 1; ; i++) {
      commit(store, put(key("one"), i), put(key("two"), i));
    }
  }

  @Test
  void aStoreThatIsThereIsReplacedOnlyWhenAskedForAndNeverWhileItIsOpen() {
    try (var store = open("a")) {
      commit(store, put(key("a"), 1));
      backups.write(dir.resolve("a"), backup(), FILES);
      commit(store, put(key("a"), 2));
      assertThatThrownBy(() -> backups.restore(backup(), dir.resolve("a"), true))
          .isInstanceOf(Disk.DiskFailure.class);
    }
    assertThatThrownBy(() -> backups.restore(backup(), dir.resolve("a"), false))
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("--force");
    backups.restore(backup(), dir.resolve("a"), true);
    try (var store = open("a")) {
      assertThat(n(store.view().get(key("a")).orElseThrow())).isEqualTo(1);
    }
  }

  @Test
  void aBackupShowsNoSecretIsForItsOwnerOnlyAndOpensOnlyWithTheKeys() throws IOException {
    try (var store = open("a")) {
      commit(store, put(new StoreKey(OTHER, "default", "s"), 47110815));
    }
    backups.write(dir.resolve("a"), backup(), FILES);
    assertThat(Files.readString(backup(), ISO_8859_1))
        .doesNotContain("47110815")
        .doesNotContain("the key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup())))
        .isEqualTo("rw-------");
    assertThatThrownBy(() -> new StoreBackup(host, Sealer.none()).read(backup()))
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("there is no key file");
  }

  @Test
  void aDamagedBackupIsRefusedAndChangesNothing() throws IOException {
    try (var store = open("a")) {
      for (int i = 0; i < 200; i++) {
        commit(store, put(key("object" + i), 1000 + i));
      }
    }
    backups.write(dir.resolve("a"), backup(), FILES);
    var bytes = Files.readAllBytes(backup());
    var text = new String(bytes, ISO_8859_1);
    int at = text.indexOf("\"n\":1077}");
    bytes[at + 5] = '9';
    Files.write(backup(), bytes);
    assertThatThrownBy(() -> backups.restore(backup(), dir.resolve("c"), false))
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("object77")
        .hasMessageContaining("checksum");
    assertThat(dir.resolve("c")).doesNotExist();
  }

  @Test
  void aBackupDoesNotOverwriteAndNeedsAStore() {
    open("a").close();
    backups.write(dir.resolve("a"), backup(), FILES);
    assertThatThrownBy(() -> backups.write(dir.resolve("a"), backup(), FILES))
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("is there already");
    assertThatThrownBy(() -> backups.write(dir.resolve("z"), dir.resolve("other"), FILES))
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("there is no file");
    assertThatThrownBy(() -> backups.restore(dir.resolve("none"), dir.resolve("b"), false))
        .isInstanceOf(StoreBroken.class);
  }
}
