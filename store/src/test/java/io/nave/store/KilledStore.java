package io.nave.store;

import static io.nave.store.Samples.commit;
import static io.nave.store.Samples.key;
import static io.nave.store.Samples.n;
import static io.nave.store.Samples.put;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.runtime.RealHost;
import java.io.IOException;
import java.nio.file.Path;

/// The program that [KilledStoreE2E] kills: commits without end, and says each commit it was told
/// is done.
final class KilledStore {
  static final int WRITERS = 6;

  private KilledStore() {}

  /// Commits two objects at a time under `wN` and `wN-twin` and prints `wN value revision`, until
  /// it is killed or who started it is gone, which ends its input.
  public static void main(String[] args) throws IOException {
    var host = RealHost.start("killed");
    var engine = SqliteEngine.open(host, Path.of(args[0]));
    var store = EmbeddedStore.open(host, engine, Limits.defaults(), new SimpleMeterRegistry());
    for (int i = 0; i < WRITERS; i++) {
      var name = "w" + i;
      host.start(name, () -> write(store, name));
    }
    if (System.in.read() < 0) {
      System.exit(1);
    }
  }

  private static void write(Store store, String name) {
    long value = store.view().get(key(name)).map(Samples::n).orElse(0L);
    while (true) {
      value++;
      var stored = commit(store, put(key(name), value), put(key(name + "-twin"), value));
      System.out.println(name + " " + n(stored.getLast()) + " " + stored.getLast().revision());
    }
  }
}
