package io.nave.certs;

import org.jspecify.annotations.Nullable;

/// A certificate was understood and is not believed. The message names it, the time or the
/// authority at fault, and what to look at.
public final class Untrusted extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Why a chain is refused.
  public enum Reason {
    /// Its time is over: get a new one.
    EXPIRED,
    /// Its time has not come: more often a wrong clock than an early certificate.
    NOT_YET_VALID,
    /// No authority of the bundle signed it.
    UNKNOWN_ISSUER,
    /// It was issued for something else.
    WRONG_USAGE,
    /// Anything else the path rules (RFC 5280) or the identity rules forbid.
    NOT_ACCEPTABLE
  }

  private final Reason reason;

  Untrusted(Reason reason, String message) {
    this(reason, message, null);
  }

  Untrusted(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
