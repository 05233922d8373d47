package io.nave.bench;

import io.nave.controllers.Kubeconfig;
import java.util.List;

/// A hub that runs already.
record GivenHub(Kubeconfig administrator, List<Long> pids) implements HubUnderTest {
  @Override
  public long diskBytes() {
    return 0;
  }

  @Override
  public double secondsToReady() {
    return 0;
  }

  @Override
  public double killAndRestart() {
    throw new Plan.Unusable("this scenario restarts the hub, so it needs one of its own: no --hub");
  }

  @Override
  public void close() {}
}
