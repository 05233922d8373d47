package io.nave.hub;

import io.nave.runtime.Disk;
import io.nave.runtime.ForwardingHost;
import io.nave.runtime.Host;

/// A host whose files are those that several hubs share; all else is its own.
final class SharedHost extends ForwardingHost {
  private final Disk disk;

  SharedHost(Host own, Disk disk) {
    super(own);
    this.disk = disk;
  }

  @Override
  public Disk disk() {
    return disk;
  }
}
