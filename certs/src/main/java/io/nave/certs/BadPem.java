package io.nave.certs;

import org.jspecify.annotations.Nullable;

/// Text that should have held PEM could not be used. The message names what was found and what was
/// expected, never the content of a block: correct the input; trying again will not help.
public sealed class BadPem extends RuntimeException permits BadRequestPem, BadCertificate, BadKey {
  private static final long serialVersionUID = 1L;

  public BadPem(String message) {
    super(message);
  }

  public BadPem(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
