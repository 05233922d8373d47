package io.nave.store;

import io.nave.runtime.Host;

final class MemoryStoreTest extends ConcurrentContract {
  @Override
  Engine engine(Host host) {
    return new MemoryEngine();
  }
}
