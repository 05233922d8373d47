package io.nave.certs;

import java.io.IOException;
import java.security.PrivateKey;
import java.util.Map;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.edec.EdECObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.ContentVerifierProvider;
import org.bouncycastle.operator.DefaultDigestAlgorithmIdentifierFinder;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcContentSignerBuilder;
import org.bouncycastle.operator.bc.BcECContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcEdDSAContentVerifierProviderBuilder;
import org.bouncycastle.operator.bc.BcEdECContentSignerBuilder;
import org.bouncycastle.operator.bc.BcRSAContentSignerBuilder;
import org.bouncycastle.operator.bc.BcRSAContentVerifierProviderBuilder;

/// Signs and verifies, with a closed list of algorithms and without randomness: ECDSA draws its
/// nonce as RFC 6979 says, the others need none. A weak random source at signing time therefore
/// cannot give the key away, and a test can compare whole certificates.
final class Signatures {
  /// Accepted on requests, each with the kind of key it needs; no MD5, no SHA-1.
  private static final Map<ASN1ObjectIdentifier, String> KEY_OF_SIGNATURE =
      Map.ofEntries(
          Map.entry(X9ObjectIdentifiers.ecdsa_with_SHA256, "EC"),
          Map.entry(X9ObjectIdentifiers.ecdsa_with_SHA384, "EC"),
          Map.entry(X9ObjectIdentifiers.ecdsa_with_SHA512, "EC"),
          Map.entry(PKCSObjectIdentifiers.sha256WithRSAEncryption, "RSA"),
          Map.entry(PKCSObjectIdentifiers.sha384WithRSAEncryption, "RSA"),
          Map.entry(PKCSObjectIdentifiers.sha512WithRSAEncryption, "RSA"),
          Map.entry(EdECObjectIdentifiers.id_Ed25519, "Ed25519"));

  private Signatures() {}

  /// @throws BadKey when the key is of a kind we do not sign with
  static ContentSigner signer(PrivateKey key) {
    try {
      var info = PrivateKeyInfo.getInstance(key.getEncoded());
      var kind = KeyKind.of(info.getPrivateKeyAlgorithm());
      return builder(kind).build(PrivateKeyFactory.createKey(info));
    } catch (IllegalArgumentException | IOException | OperatorCreationException e) {
      throw new BadKey("the private key cannot sign: " + e.getMessage(), e);
    }
  }

  /// @throws IllegalArgumentException when the signature is not of a kind we accept from that key
  static ContentVerifierProvider verifier(SubjectPublicKeyInfo key, AlgorithmIdentifier signature) {
    var kind = KeyKind.of(key);
    if (!kind.algorithm().equals(KEY_OF_SIGNATURE.get(signature.getAlgorithm()))) {
      throw new IllegalArgumentException(
          "signature algorithm %s is not accepted with a key %s; use SHA-256 or better"
              .formatted(signature.getAlgorithm(), kind));
    }
    try {
      var digests = new DefaultDigestAlgorithmIdentifierFinder();
      var builder =
          switch (kind.algorithm()) {
            case "EC" -> new BcECContentVerifierProviderBuilder(digests);
            case "RSA" -> new BcRSAContentVerifierProviderBuilder(digests);
            default -> new BcEdDSAContentVerifierProviderBuilder();
          };
      return builder.build(PublicKeyFactory.createKey(key));
    } catch (IOException | OperatorCreationException e) {
      throw new IllegalArgumentException("key cannot be read", e);
    }
  }

  private static BcContentSignerBuilder builder(KeyKind kind) {
    return switch (kind.algorithm()) {
      case "EC" ->
          new DeterministicEcdsa(kind.bits() == 256 ? 256 : kind.bits() == 384 ? 384 : 512);
      case "RSA" -> {
        var id = algorithm("SHA256WITHRSA");
        yield new BcRSAContentSignerBuilder(id, digest(id));
      }
      default -> new BcEdECContentSignerBuilder(algorithm("Ed25519"));
    };
  }

  private static AlgorithmIdentifier algorithm(String name) {
    return new DefaultSignatureAlgorithmIdentifierFinder().find(name);
  }

  private static AlgorithmIdentifier digest(AlgorithmIdentifier signature) {
    return new DefaultDigestAlgorithmIdentifierFinder().find(signature);
  }

  private static final class DeterministicEcdsa extends BcContentSignerBuilder {
    DeterministicEcdsa(int digestBits) {
      var id = algorithm("SHA" + digestBits + "WITHECDSA");
      super(id, digest(id));
    }

    @Override
    protected Signer createSigner(AlgorithmIdentifier signature, AlgorithmIdentifier digest)
        throws OperatorCreationException {
      var nonces = new HMacDSAKCalculator(digestProvider.get(digest));
      return new DSADigestSigner(new ECDSASigner(nonces), digestProvider.get(digest));
    }
  }
}
