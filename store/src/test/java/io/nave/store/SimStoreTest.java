package io.nave.store;

import io.nave.runtime.Host;

final class SimStoreTest extends DurableContract {
  private final Platter platter = new Platter();

  @Override
  Engine engine(Host host) {
    return SimEngine.open(host, platter);
  }
}
