package io.nave.api.cel;

/// An expression that failed on the values it was given, such as for want of a key.
public sealed class CelFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CelFault(String message) {
    super(message);
  }

  /// It was stopped because it would have cost more than its [CelBudget] had left.
  public static final class OverBudget extends CelFault {
    private static final long serialVersionUID = 1L;

    OverBudget(long units) {
      super(
          "stopped: it cost more than the "
              + units
              + " units allowed; read less, or loop over fewer elements");
    }
  }
}
