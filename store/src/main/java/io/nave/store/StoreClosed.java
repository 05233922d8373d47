package io.nave.store;

/// The store is closed, or its writer stopped on a broken invariant; nothing was applied.
public final class StoreClosed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StoreClosed(String message) {
    super(message);
  }
}
