package io.nave.apiserver.kinds;

/// Leases are put without asking whether they are there, but replaced only by who has read them:
/// that is how their holders exclude each other.
final class LeaseStrategy extends BuiltIn {
  @Override
  public boolean createsOnUpdate() {
    return true;
  }

  @Override
  public boolean replacesBlindly() {
    return false;
  }
}
