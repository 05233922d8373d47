package io.nave.store;

import io.nave.runtime.Host;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStoreTest extends DurableContract {
  @TempDir private Path dir;

  @Override
  Engine engine(Host host) {
    return SqliteEngine.open(host, dir);
  }
}
