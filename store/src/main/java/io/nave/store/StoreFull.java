package io.nave.store;

/// The quota (`store.bytes.max`) or the disk is spent: delete something, or give it more room.
public final class StoreFull extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreFull(String message) {
    super(message);
  }
}
