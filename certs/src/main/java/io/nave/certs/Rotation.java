package io.nave.certs;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When a client certificate has to be replaced: OCM's rule, so that agents of both kinds load a
/// hub alike. Pure; every branch is one row of `RotationTest`.
public final class Rotation {
  /// With a fifth of its life left a certificate is renewed, or up to a quarter, drawn at random: a
  /// thousand agents that joined in the same minute must not come back in the same minute.
  static final double REMAINING_MIN = 0.2;

  static final double REMAINING_JITTER = 0.05;

  private Rotation() {}

  /// What to do with a certificate.
  public sealed interface Decision {
    /// Good until then; look again at `renewAt`.
    record Keep(Instant renewAt) implements Decision {}

    /// Ask for a new one now.
    record Renew(Reason reason) implements Decision {}
  }

  /// Why a certificate is replaced.
  public enum Reason {
    MISSING,
    SUBJECT_DIFFERS,
    NOT_YET_VALID,
    EXPIRED,
    AGED
  }

  /// Decides about one certificate.
  ///
  /// @param certificate null when there is none, or none that parses
  /// @param wanted the subject the hub knows this client by
  /// @param draw in [0,1), for the jitter; keep it per certificate so that `renewAt` stands still
  public static Decision decide(
      @Nullable X509Certificate certificate, Identity wanted, Instant now, double draw) {
    if (!(draw >= 0 && draw < 1)) {
      throw new IllegalArgumentException("draw must be in [0,1), was " + draw);
    }
    if (certificate == null) {
      return new Decision.Renew(Reason.MISSING);
    }
    if (!hasSubject(certificate, wanted)) {
      return new Decision.Renew(Reason.SUBJECT_DIFFERS);
    }
    if (now.isBefore(Certificates.notBefore(certificate))) {
      return new Decision.Renew(Reason.NOT_YET_VALID);
    }
    if (now.isAfter(Certificates.notAfter(certificate))) {
      return new Decision.Renew(Reason.EXPIRED);
    }
    var renewAt = renewAt(certificate, draw);
    return now.isBefore(renewAt) ? new Decision.Keep(renewAt) : new Decision.Renew(Reason.AGED);
  }

  private static boolean hasSubject(X509Certificate certificate, Identity wanted) {
    try {
      return Identity.of(certificate).sameAs(wanted);
    } catch (BadCertificate e) {
      return false;
    }
  }

  private static Instant renewAt(X509Certificate certificate, double draw) {
    var end = Certificates.notAfter(certificate);
    double total = Duration.between(Certificates.notBefore(certificate), end).toMillis();
    return end.minusMillis((long) (total * (REMAINING_MIN + REMAINING_JITTER * draw)));
  }
}
