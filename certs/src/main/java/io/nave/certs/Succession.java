package io.nave.certs;

import io.nave.runtime.Host;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The authorities of one hub over time: the one that signs now, and those before it.
///
/// When an authority is replaced, both sides have to go on believing each other without having met
/// in between. The hub believes clients of the former authorities as long as they are kept here. A
/// client that knows only a former authority believes the hub because what it shows carries
/// *bridges*: the certificate of the present authority, signed by the one before it, and so on.
///
/// Immutable. What is kept of a former authority is its certificate, never its key.
///
/// @param present signs now
/// @param former still believed, the latest first
/// @param bridges the present authority signed by the one before it, that one by the one before,
///   ...
public record Succession(
    Authority present, List<X509Certificate> former, List<X509Certificate> bridges) {
  /// A chain of a leaf and its bridges must not be longer than others check.
  public static final int FORMER_MAX = 4;

  /// @throws BadCertificate when there are more than [#FORMER_MAX], or one is no authority
  public Succession {
    former = List.copyOf(former);
    bridges = List.copyOf(bridges);
    if (former.size() > FORMER_MAX || bridges.size() > FORMER_MAX) {
      throw new BadCertificate(
          "at most %d former authorities can be kept, found %d; forget the oldest"
              .formatted(FORMER_MAX, Math.max(former.size(), bridges.size())));
    }
    former.forEach(TrustBundle::checkAuthority);
    bridges.forEach(TrustBundle::checkAuthority);
  }

  /// An authority without a past.
  public static Succession of(Authority present) {
    return new Succession(present, List.of(), List.of());
  }

  /// A new authority takes over; the present one is still believed. The oldest is forgotten when
  /// there are too many.
  ///
  /// @param name of the new one; must differ from those before
  public Succession next(Host host, String name, Duration lifetime) {
    var heir = Authority.create(host, name, lifetime);
    var believed = new ArrayList<>(List.of(present.certificate()));
    believed.addAll(former);
    var chain = new ArrayList<>(List.of(present.bridgeTo(heir)));
    chain.addAll(bridges);
    return new Succession(heir, firsts(believed), firsts(chain));
  }

  /// Only the present authority is believed from now on, and only those who know it believe the
  /// hub.
  public Succession alone() {
    return of(present);
  }

  /// Whom to believe: the present authority first.
  public TrustBundle trust() {
    var all = new ArrayList<>(List.of(present.certificate()));
    all.addAll(former);
    return TrustBundle.of(all);
  }

  /// A credential as it is shown to those who may know only a former authority.
  public Credential withBridges(Credential own) {
    var chain = new ArrayList<>(own.chain());
    chain.addAll(bridges);
    return new Credential(chain, own.key());
  }

  /// All of it as one text, so that a file holds all of it or none: the present certificate and
  /// key, the former ones, the bridges. A secret.
  public String toPem() {
    return present.certificatePem()
        + present.keyPem()
        + Certificates.toPem(former)
        + Certificates.toPem(bridges);
  }

  /// Reads what [#toPem] wrote.
  ///
  /// @throws BadPem when a part cannot be read or they do not belong together
  public static Succession ofPem(Host host, String pem) {
    var keys = new StringBuilder();
    var certificates = new ArrayList<X509Certificate>();
    for (var block : Pem.splitCommented(pem)) {
      if (block.label().equals(Certificates.LABEL)) {
        certificates.addAll(Certificates.parse(block.encode()));
      } else {
        keys.append(block.encode());
      }
    }
    if (certificates.isEmpty()) {
      throw new BadCertificate("an authority needs its certificate, found none");
    }
    var own = certificates.removeFirst();
    var present = Authority.of(host, Certificates.toPem(List.of(own)), keys.toString());
    return new Succession(
        present,
        certificates.stream().filter(Succession::selfIssued).toList(),
        certificates.stream().filter(each -> !selfIssued(each)).toList());
  }

  private static boolean selfIssued(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
  }

  private static List<X509Certificate> firsts(List<X509Certificate> all) {
    return all.size() > FORMER_MAX ? all.subList(0, FORMER_MAX) : all;
  }

  @Override
  public String toString() {
    return present + (former.isEmpty() ? "" : ", after " + former.size() + " former");
  }
}
