package io.nave.apiserver.kinds;

import io.nave.apiserver.registry.Strategy;

/// A kind of Kubernetes' own without specialities.
class BuiltIn implements Strategy {
  @Override
  public final boolean builtIn() {
    return true;
  }
}
