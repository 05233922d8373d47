package io.nave.certs;

import org.jspecify.annotations.Nullable;

/// A certificate request that cannot be read, does not prove its key, or asks for too much.
public final class BadRequestPem extends BadPem {
  private static final long serialVersionUID = 1L;

  public BadRequestPem(String message) {
    super(message);
  }

  public BadRequestPem(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
