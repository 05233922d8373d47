package io.nave.runtime;

import io.nave.runtime.sim.SimWorld;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

final class SimHostTest extends HostContract {
  private final SimWorld world = new SimWorld(42);

  @Override
  Host host() {
    return world.host("test");
  }

  @Override
  Path folder() {
    return Path.of("/data");
  }

  @AfterEach
  void close() {
    world.close();
  }
}
