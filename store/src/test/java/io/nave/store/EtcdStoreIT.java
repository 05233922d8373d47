package io.nave.store;

import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.nave.runtime.Host;
import io.nave.testkit.EtcdServer;
import io.nave.testkit.NeedsEtcd;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The contract on a real etcd; every test has a prefix of its own there.
@NeedsEtcd
final class EtcdStoreIT extends DurableContract {
  @TempDir private static Path dir;
  private static EtcdServer etcd;

  private final String prefix = "/test/" + UUID.randomUUID();

  @BeforeAll
  static void startEtcd() {
    etcd = EtcdServer.start(dir);
  }

  @AfterAll
  static void stopEtcd() {
    etcd.close();
  }

  @Override
  Engine engine(Host host) {
    return EtcdEngine.open(host, EtcdSettings.of(List.of(etcd.url()), null).withPrefix(prefix));
  }

  /// What its own history could tell is not asked for: clients of a hub on etcd list anew.
  @Override
  boolean remembersRemovals() {
    return false;
  }

  /// Several at one place is what this engine is for.
  @Override
  @Test
  void aSecondStoreAtOnePlaceIsRefusedOrTheFirstCannotWriteAnyMore() {
    var first = open();
    commit(first, put(key("a"), 1));
    var second = open();
    commit(first, put(key("a"), 2));
    assertThat(commit(second, put(key("a"), 3)).getFirst().revision()).isEqualTo(3);
    assertThat(first.latest().revision()).isEqualTo(3);
  }
}
