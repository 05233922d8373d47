package io.nave.store;

/// The wanted revision is no longer held: list and watch from there.
public final class TooOld extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TooOld(String message) {
    super(message);
  }
}
