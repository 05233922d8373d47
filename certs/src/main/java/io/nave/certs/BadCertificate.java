package io.nave.certs;

import org.jspecify.annotations.Nullable;

/// A certificate that cannot be read, or cannot serve the purpose it was given for.
public final class BadCertificate extends BadPem {
  private static final long serialVersionUID = 1L;

  public BadCertificate(String message) {
    super(message);
  }

  public BadCertificate(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
