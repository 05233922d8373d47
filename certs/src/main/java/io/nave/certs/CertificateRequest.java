package io.nave.certs;

import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.jspecify.annotations.Nullable;

/// A certificate request (PKCS #10) that was read whole and proves it holds its key.
///
/// What it asks for is only a wish: who asks, and whether they may, is the caller's question.
public final class CertificateRequest {
  static final String LABEL = "CERTIFICATE REQUEST";

  /// An agent's request has about 700 characters, an RSA 8192 one with a hundred names 8,000.
  static final int TEXT_CHARS_MAX = 32 * 1024;

  private final PKCS10CertificationRequest request;
  private final Identity identity;
  private final KeyKind kind;
  private final PublicKey publicKey;
  private final @Nullable GeneralNames alternatives;

  private CertificateRequest(PKCS10CertificationRequest request) throws IOException {
    this.request = request;
    this.identity = Identity.of(request.getSubject());
    this.kind = KeyKind.of(request.getSubjectPublicKeyInfo());
    this.publicKey = KeyPairs.publicKey(request.getSubjectPublicKeyInfo());
    this.alternatives = alternatives(request);
  }

  /// Reads exactly one PEM block `CERTIFICATE REQUEST` and checks its signature with its own key.
  ///
  /// @throws BadRequestPem naming what was found instead
  public static CertificateRequest parse(String pem) {
    var der = onlyRequest(pem).der();
    try {
      var read = new CertificateRequest(new PKCS10CertificationRequest(der));
      read.checkSignature();
      return read;
    } catch (IllegalArgumentException e) {
      throw new BadRequestPem("certificate request: " + e.getMessage(), e);
    } catch (IOException | ClassCastException | IllegalStateException e) {
      throw new BadRequestPem(
          "the block CERTIFICATE REQUEST holds no readable PKCS #10 request", e);
    }
  }

  /// A request for a client certificate, signed with the pair's private key. No randomness: the
  /// same arguments give the same bytes.
  ///
  /// @throws IllegalArgumentException when a name is blank or unprintable
  public static CertificateRequest create(
      KeyPair pair, String commonName, List<String> organisations) {
    var subject = new Identity(commonName, organisations).toName();
    var key = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
    var builder = new PKCS10CertificationRequestBuilder(subject, key);
    try {
      return new CertificateRequest(builder.build(Signatures.signer(pair.getPrivate())));
    } catch (IOException e) {
      throw new IllegalStateException("a new certificate request could not be encoded", e);
    }
  }

  /// The subject it asks for: common name and organisations.
  public Identity identity() {
    return identity;
  }

  /// The subject alternative names it asks for, such as `DNS:hub.example` or `IP:10.0.0.1`, in its
  /// order; a name of another kind is `other:` and its number. Empty for an agent's request.
  public List<String> names() {
    if (alternatives == null) {
      return List.of();
    }
    var names = new ArrayList<String>();
    for (var each : alternatives.getNames()) {
      names.add(AlternativeNames.text(each));
    }
    return List.copyOf(names);
  }

  /// Kind and size of the key, such as `EC P-256` or `RSA 2048`.
  public String keyKind() {
    return kind.toString();
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /// The request as one PEM block.
  public String toPem() {
    try {
      return new Pem(LABEL, request.getEncoded()).encode();
    } catch (IOException e) {
      throw new IllegalStateException("a certificate request that was read has no encoding", e);
    }
  }

  /// The whole subject, with parts that [#identity()] does not tell, such as organisational units.
  X500Name subject() {
    return request.getSubject();
  }

  SubjectPublicKeyInfo keyInfo() {
    return request.getSubjectPublicKeyInfo();
  }

  @Nullable GeneralNames alternatives() {
    return alternatives;
  }

  @Override
  public String toString() {
    return "certificate request for %s, %s".formatted(identity, kind);
  }

  private void checkSignature() {
    try {
      if (!request.isSignatureValid(
          Signatures.verifier(keyInfo(), request.getSignatureAlgorithm()))) {
        throw new BadRequestPem(
            "certificate request of \"%s\": the signature was not made with its key"
                .formatted(identity.commonName()));
      }
    } catch (PKCSException e) {
      throw new BadRequestPem("certificate request: the signature cannot be checked", e);
    }
  }

  private static Pem onlyRequest(String pem) {
    if (pem.length() > TEXT_CHARS_MAX) {
      throw new BadRequestPem(
          "certificate request must have at most %d characters, had %d"
              .formatted(TEXT_CHARS_MAX, pem.length()));
    }
    List<Pem> blocks;
    try {
      blocks = Pem.split(pem);
    } catch (BadPem e) {
      throw new BadRequestPem("certificate request: " + e.getMessage(), e);
    }
    if (blocks.size() != 1 || !blocks.getFirst().label().equals(LABEL)) {
      throw new BadRequestPem(
          "expected exactly one PEM block CERTIFICATE REQUEST, found "
              + (blocks.isEmpty() ? "none" : blocks.stream().map(Pem::label).toList()));
    }
    return blocks.getFirst();
  }

  private static @Nullable GeneralNames alternatives(PKCS10CertificationRequest request)
      throws IOException {
    GeneralNames found = null;
    for (var attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
      for (var value : attribute.getAttrValues()) {
        var extension =
            Extensions.getInstance(value).getExtension(Extension.subjectAlternativeName);
        if (extension != null && found != null) {
          throw new IllegalArgumentException("asks for alternative names twice");
        }
        if (extension != null) {
          found = names(extension.getExtnValue());
        }
      }
    }
    return found;
  }

  private static GeneralNames names(ASN1OctetString value) {
    var names = GeneralNames.getInstance(value.getOctets());
    for (GeneralName each : names.getNames()) {
      AlternativeNames.text(each);
    }
    return names;
  }
}
