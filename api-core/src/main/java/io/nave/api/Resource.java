package io.nave.api;

/// An API kind that Nave's own code works with: a record marked [Kind] whose first component is its
/// metadata. Fields it does not know stay in the stored object, because controllers patch only what
/// they own.
public interface Resource {
  Meta metadata();

  /// The key of this object.
  default Key key() {
    return metadata().key();
  }
}
