package io.nave.store;

import static io.nave.store.Samples.BUCKET;
import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.delete;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.large;
import static io.nave.store.Samples.put;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.runtime.Disk;
import io.nave.runtime.RealHost;
import io.nave.store.Store.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The file and its faults.
final class SqliteEngineTest {
  private final RealHost host = RealHost.start("test");
  @TempDir private Path temporary;
  private Path dir;
  private Path file;

  static LongStream damageSeeds() {
    return Samples.seeds(40);
  }

  @BeforeEach
  void places() {
    dir = temporary.resolve("data");
    file = dir.resolve("store.db");
  }

  @AfterEach
  void close() {
    host.close();
  }

  private EmbeddedStore open() {
    return open(SqliteEngine.open(host, dir));
  }

  private EmbeddedStore open(Engine engine) {
    return EmbeddedStore.open(host, engine, Limits.defaults(), new SimpleMeterRegistry());
  }

  private void sql(String... statements) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void theFilesAreForTheirOwnerOnly() throws IOException {
    try (var store = open()) {
      commit(store, put(key("a"), 1));
      try (var files = Files.list(dir)) {
        assertThat(files.filter(it -> it.getFileName().toString().startsWith("store.db")))
            .hasSize(3)
            .allSatisfy(it -> assertThat(permissions(it)).isEqualTo("rw-------"));
      }
      assertThat(permissions(dir)).isEqualTo("rwx------");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    open().close();
    assertThat(permissions(file)).isEqualTo("rw-------");
  }

  private static String permissions(Path file) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aDirectoryInUseIsRefusedNamingTheHolder() {
    try (var _ = open()) {
      assertThatThrownBy(this::open)
          .isInstanceOf(Disk.DiskFailure.class)
          .hasMessageContaining(dir.toString())
          .hasMessageContaining(Long.toString(ProcessHandle.current().pid()));
    }
    open().close();
  }

  @Test
  void aDirectoryThatIsNoDirectoryIsRefused() throws IOException {
    Files.writeString(dir, "a file");
    assertThatThrownBy(this::open)
        .isInstanceOf(Disk.DiskFailure.class)
        .hasMessageContaining(dir.toString());
  }

  @Test
  void aDirectoryInThePlaceOfTheFileIsRefused() throws IOException {
    Files.createDirectories(file);
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining(file + " should be a file");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefused() throws IOException {
    Files.createDirectories(dir);
    Files.writeString(file, "not a database, but long enough to be looked at ".repeat(100));
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("put a backup in its place");
  }

  @Test
  void theDatabaseOfAnotherProgramIsRefused() throws Exception {
    Files.createDirectories(dir);
    sql("CREATE TABLE songs (title TEXT)");
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("a database of another program");
  }

  @Test
  void aNewerFormatIsRefusedWithTheWayOut() throws Exception {
    open().close();
    sql("PRAGMA user_version=4");
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("has format 4, written by a newer Nave; this one knows up to 3")
        .hasMessageContaining("start the newer version");
  }

  /// Nothing of what an older version wrote is written anew.
  @Test
  void aStoreOfTheFirstFormatIsTakenOver() throws Exception {
    fill();
    long last;
    try (var store = open()) {
      last = store.view().revision();
    }
    sql("DROP TABLE removals");
    sql("PRAGMA user_version=1");
    try (var store = open()) {
      assertThatThrownBy(() -> store.watch(Scope.of("never"), last - 1, 1))
          .as("what an older version removed is not known")
          .isInstanceOf(TooOld.class);
      assertThat(store.view().list(BUCKET, "")).isNotEmpty();
      commit(store, new Change.Put(key("big"), large(key("big"), 5000), Change.ANY));
    }
    try (var store = open()) {
      assertThat(store.view().get(key("big")).orElseThrow().at("/text").asString("")).hasSize(5000);
    }
  }

  @Test
  void largeObjectsArePackedAndCountWithTheirFullSize() throws Exception {
    long bytes;
    try (var store = open()) {
      for (int i = 0; i < 50; i++) {
        commit(store, new Change.Put(key("big" + i), large(key("big" + i), 9000 + i), Change.ANY));
      }
      bytes = ((Snapshot) store.view()).bytes();
    }
    assertThat(Files.size(file)).isLessThan(bytes / 3);
    try (var store = open()) {
      assertThat(((Snapshot) store.view()).bytes()).isEqualTo(bytes);
      for (int i = 0; i < 50; i++) {
        var found = store.view().get(key("big" + i)).orElseThrow();
        assertThat(found.at("/text").asString("")).isEqualTo("x".repeat(9000 + i));
      }
    }
  }

  @Test
  void aChangedByteOfAnObjectIsFoundAndNamed() throws Exception {
    fill();
    var text = new String(Files.readAllBytes(file), ISO_8859_1);
    var bytes = text.replace("\"n\":5}", "\"n\":6}").getBytes(ISO_8859_1); // also in stale pages
    Files.write(file, bytes);
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining(file + " is damaged: the row of configmaps/default/o5 has a wrong")
        .hasMessageContaining("put a backup in its place");
    assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
  }

  @Test
  void aLostRevisionIsFound() throws Exception {
    fill();
    sql("UPDATE meta SET v = v - 1");
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("its last revision has a wrong checksum");
    sql("DELETE FROM meta");
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("its last revision is missing");
  }

  /// - Goal: no damage of one byte is taken for content.
  /// - Method: change a byte anywhere in the file; the store must refuse it, or (where the byte
  ///   means nothing) hold exactly what it held and still work.
  @ParameterizedTest(name = "-Dseed={0}")
  @MethodSource("damageSeeds")
  void aChangedByteAnywhereIsRefusedOrHarmless(long seed) throws Exception {
    var expected = fill();
    var random = new Random(seed);
    var bytes = Files.readAllBytes(file);
    int at = random.nextInt(bytes.length);
    bytes[at] ^= (byte) (1 + random.nextInt(255));
    Files.write(file, bytes);
    EmbeddedStore store;
    try {
      store = open();
    } catch (StoreBroken e) {
      assertThat(e).hasMessageContaining(file.toString());
      return;
    }
    try (store) {
      var found = new TreeMap<StoreKey, String>();
      store.view().list(BUCKET, "").forEach(it -> found.put(key(it.name()), text(it.bytes())));
      assertThat(found).as("byte %d", at).isEqualTo(expected);
    }
  }

  private TreeMap<StoreKey, String> fill() {
    var content = new TreeMap<StoreKey, String>();
    try (var store = open()) {
      for (int i = 0; i < 60; i++) {
        commit(store, put(key("o" + i), i));
      }
      commit(store, delete(key("o7")));
      store.view().list(BUCKET, "").forEach(it -> content.put(key(it.name()), text(it.bytes())));
    }
    return content;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /// Of a text that takes as much room on the disk as it has characters, nearly.
  private static Change noisy(String name, int characters) {
    var random = new Random(name.hashCode());
    var text =
        random
            .ints(characters, ' ', '~')
            .filter(c -> c != '"' && c != '\\')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
    var object = large(key(name), 0).edit(tree -> tree.put("text", text.toString()));
    return new Change.Put(key(name), object, 0);
  }

  @Test
  void aFullDiskRefusesPutsAndKeepsWhatIsThere() {
    var engine = SqliteEngine.open(host, dir);
    try (var store = open(engine)) {
      for (int i = 0; i < 20; i++) {
        commit(store, noisy("o" + i, 20_000));
      }
      engine.limitPages(1);
      assertThatThrownBy(() -> commit(store, noisy("more", 90_000)))
          .isInstanceOf(StoreFull.class)
          .hasMessageContaining(file.toString());
      assertThat(store.view().revision()).isEqualTo(20);
      for (int i = 0; i < 10; i++) {
        commit(store, delete(key("o" + i)));
      }
      commit(store, noisy("more", 90_000));
    }
    try (var store = open()) {
      assertThat(store.view().revision()).isEqualTo(31);
      assertThat(store.view().list(BUCKET, "")).hasSize(11);
    }
  }
}
