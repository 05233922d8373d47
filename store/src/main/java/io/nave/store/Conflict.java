package io.nave.store;

/// An expected revision is no longer the latest: read again and retry.
public final class Conflict extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Conflict(String message) {
    super(message);
  }
}
