package io.nave.store;

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
import io.nave.runtime.RealHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealerTest {
  private static final StoreKey SECRET = new StoreKey(OTHER, "default", "s");
  private static final long NUMBER = 4711_0815;

  @TempDir private Path dir;

  private final RealHost host = RealHost.start("test");

  @AfterEach
  void close() {
    host.close();
  }

  private byte[] newKeys(byte[] older) {
    return EncryptionKeys.renewed(host.secureRandom(), older);
  }

  private Sealer sealer(byte[] keys) {
    return Sealer.of(EncryptionKeys.parse("keys", keys), Set.of(OTHER), host.secureRandom());
  }

  private Store open(Sealer sealer) {
    var engine = SqliteEngine.open(host, dir);
    return EmbeddedStore.open(host, engine, Limits.defaults(), sealer, new SimpleMeterRegistry());
  }

  private String files() throws IOException {
    var text = new StringBuilder();
    try (var files = Files.list(dir)) {
      for (var file : files.toList()) {
        text.append(Files.readString(file, ISO_8859_1));
      }
    }
    return text.toString();
  }

  @Test
  void aSecretIsNeverInTheFilesAndEverythingElseIs() throws IOException {
    var sealer = sealer(newKeys(null));
    try (var store = open(sealer)) {
      commit(store, put(SECRET, NUMBER), put(key("a"), NUMBER + 1));
      assertThat(files()).doesNotContain("" + NUMBER).contains("" + (NUMBER + 1));
    }
    assertThat(files()).doesNotContain("" + NUMBER).contains("" + (NUMBER + 1));
    try (var store = open(sealer)) {
      assertThat(n(store.view().get(SECRET).orElseThrow())).isEqualTo(NUMBER);
    }
  }

  @Test
  void aNewKeyEncryptsWhatIsThereAnewAndTheOldOneCanGo() {
    var first = newKeys(null);
    var both = newKeys(first);
    var second = new String(both, UTF_8).lines().findFirst().orElseThrow().getBytes(UTF_8);
    try (var store = open(Sealer.none())) {
      commit(store, put(SECRET, NUMBER)); // as written before there was encryption
    }
    for (var keys : new byte[][] {first, both, second}) {
      try (var store = open(sealer(keys))) {
        assertThat(n(store.view().get(SECRET).orElseThrow())).isEqualTo(NUMBER);
      }
    }
    assertThatThrownBy(() -> open(sealer(first)))
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("secrets/default/s is encrypted with the key")
        .hasMessageContaining("put that key back");
  }

  @Test
  void withoutTheKeysTheStoreSaysSo() {
    try (var store = open(sealer(newKeys(null)))) {
      commit(store, put(SECRET, NUMBER));
    }
    assertThatThrownBy(() -> open(Sealer.none()))
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("there is no key file");
  }

  @Test
  void aValueOpensOnlyAtItsOwnPlaceAndUnchanged() {
    var sealer = sealer(newKeys(null));
    var kept = sealer.seal(SECRET, "{\"a\":1}".getBytes(UTF_8));
    assertThat(sealer.open(SECRET, kept)).isEqualTo("{\"a\":1}".getBytes(UTF_8));
    var elsewhere = new StoreKey(OTHER, "default", "t");
    assertThatThrownBy(() -> sealer.open(elsewhere, kept)).isInstanceOf(StoreBroken.class);
    kept[kept.length - 1] ^= 1;
    assertThatThrownBy(() -> sealer.open(SECRET, kept))
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("does not open");
  }

  @Test
  void aKeyFileThatIsNoneIsRefusedByLineAndNeverShown() {
    assertThatThrownBy(() -> EncryptionKeys.parse("f.keys", "# x\nsecretword\n".getBytes(UTF_8)))
        .isInstanceOf(StoreBroken.class)
        .hasMessageContaining("f.keys, line 2")
        .hasMessageNotContaining("secretword");
    assertThatThrownBy(() -> EncryptionKeys.parse("f.keys", new byte[0]))
        .hasMessageContaining("holds no key");
    var text = new String(newKeys(null), UTF_8);
    assertThat(EncryptionKeys.parse("f.keys", text.getBytes(UTF_8)).toString())
        .doesNotContain(text.substring(9, 20));
  }
}
