package io.nave.registration.hub;

import io.nave.certs.Succession;

/// Keeps a hub's authorities where they survive it. Thread-safe.
public interface HubAuthority {
  /// As it is now; cheap.
  Succession present();

  /// Makes the next one present. From when this returns the hub signs with its authority, shows its
  /// bridges and believes whom it believes.
  ///
  /// @throws io.nave.runtime.Disk.DiskFailure when it cannot be kept: nothing has changed then
  void replace(Succession next);

  /// One that is never replaced, for a hub whose authority others keep.
  static HubAuthority fixed(Succession only) {
    return new HubAuthority() {
      @Override
      public Succession present() {
        return only;
      }

      @Override
      public void replace(Succession next) {
        throw new UnsupportedOperationException("this hub's authority is kept elsewhere");
      }
    };
  }
}
