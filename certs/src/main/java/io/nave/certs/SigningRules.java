package io.nave.certs;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// What an authority grants to a request, whatever the request would like.
///
/// @param lifetime counted from now; the certificate ends earlier when the authority does
/// @param usages must say whether the certificate is for a client, a server or both
/// @param keepNames whether the subject alternative names of the request are granted; if not, a
///   request that has some is refused rather than quietly cut down
public record SigningRules(Duration lifetime, Set<Usage> usages, boolean keepNames) {
  /// @throws IllegalArgumentException when nothing would be valid or everything allowed
  public SigningRules {
    if (!lifetime.isPositive()) {
      throw new IllegalArgumentException("lifetime must be positive, was " + lifetime);
    }
    if (!usages.contains(Usage.CLIENT_AUTH) && !usages.contains(Usage.SERVER_AUTH)) {
      throw new IllegalArgumentException(
          "usages must hold client auth or server auth, were " + usages);
    }
    usages = Collections.unmodifiableSet(EnumSet.copyOf(usages));
  }

  /// A client's certificate, the signer `kubernetes.io/kube-apiserver-client`: digital signature,
  /// key encipherment, client auth, no alternative names.
  public static SigningRules client(Duration lifetime) {
    return new SigningRules(
        lifetime,
        EnumSet.of(Usage.DIGITAL_SIGNATURE, Usage.KEY_ENCIPHERMENT, Usage.CLIENT_AUTH),
        false);
  }
}
