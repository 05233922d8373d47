package io.nave.registration.hub;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whom a hub lets in without a person, and for how long its certificates are good.
///
/// @param certificateLifetimeMax longest lifetime of an agent's certificate, and the usual one; at
///   least ten minutes
/// @param autoAccept every new cluster is accepted, once: who is denied later stays denied
/// @param autoApproveUsers their requests for a first certificate are approved also before the
///   cluster is accepted; such a certificate has no rights until it is
/// @param returnWithin how long after its certificate's end an agent may come back by proving that
///   it still has the key; zero: never
/// @param importImage image of the agent that is installed into clusters whose provider keeps a
///   kubeconfig on the hub; null: none is installed
public record RegistrationPolicy(
    Duration certificateLifetimeMax,
    boolean autoAccept,
    Set<String> autoApproveUsers,
    Duration returnWithin,
    @Nullable String importImage) {
  /// As upstream's signer grants where nothing else is set.
  static final Duration LIFETIME_USUAL = Duration.ofDays(365);

  /// A cluster that was away for a year is one that nobody expects back.
  static final Duration RETURN_USUAL = Duration.ofDays(365);

  /// @throws IllegalArgumentException when a time is out of its bounds
  public RegistrationPolicy {
    if (certificateLifetimeMax.toSeconds() < RequestCheck.SECONDS_MIN) {
      throw new IllegalArgumentException(
          "the lifetime of certificates must be at least %d s, was %s"
              .formatted(RequestCheck.SECONDS_MIN, certificateLifetimeMax));
    }
    if (returnWithin.isNegative()) {
      throw new IllegalArgumentException("returnWithin must not be negative, was " + returnWithin);
    }
    autoApproveUsers = Set.copyOf(autoApproveUsers);
  }

  /// A person accepts each cluster; certificates for a year.
  public static RegistrationPolicy usual() {
    return new RegistrationPolicy(LIFETIME_USUAL, false, Set.of(), RETURN_USUAL, null);
  }

  public RegistrationPolicy withCertificateLifetimeMax(Duration next) {
    return new RegistrationPolicy(next, autoAccept, autoApproveUsers, returnWithin, importImage);
  }

  public RegistrationPolicy withAutoAccept(boolean next) {
    return new RegistrationPolicy(
        certificateLifetimeMax, next, autoApproveUsers, returnWithin, importImage);
  }

  public RegistrationPolicy withAutoApproveUsers(Set<String> next) {
    return new RegistrationPolicy(
        certificateLifetimeMax, autoAccept, next, returnWithin, importImage);
  }

  public RegistrationPolicy withReturnWithin(Duration next) {
    return new RegistrationPolicy(
        certificateLifetimeMax, autoAccept, autoApproveUsers, next, importImage);
  }

  public RegistrationPolicy withImportImage(@Nullable String next) {
    return new RegistrationPolicy(
        certificateLifetimeMax, autoAccept, autoApproveUsers, returnWithin, next);
  }
}
