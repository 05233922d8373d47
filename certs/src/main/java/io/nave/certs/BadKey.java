package io.nave.certs;

import org.jspecify.annotations.Nullable;

/// A private key that cannot be read, or does not belong to its certificate.
public final class BadKey extends BadPem {
  private static final long serialVersionUID = 1L;

  public BadKey(String message) {
    super(message);
  }

  public BadKey(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
