package io.nave.certs;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.generators.ECKeyPairGenerator;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.params.ECKeyGenerationParameters;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.RSAKeyParameters;
import org.bouncycastle.crypto.params.RSAPrivateCrtKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/// Makes key pairs, and reads and writes them as PEM.
///
/// The JDK's own key types print no secrets; never print the PEM.
public final class KeyPairs {
  static final String SEC1 = "EC PRIVATE KEY";
  static final String PKCS8 = "PRIVATE KEY";
  private static final String PKCS1 = "RSA PRIVATE KEY";

  /// Written by `openssl ecparam -genkey` before the key, which repeats it.
  private static final String EC_PARAMETERS = "EC PARAMETERS";

  private static final ASN1ObjectIdentifier P256 = SECObjectIdentifiers.secp256r1;

  private KeyPairs() {}

  /// A new EC key on P-256. The same bytes from `random` give the same key.
  public static KeyPair generate(SecureRandom random) {
    var curve = new ECNamedDomainParameters(P256, CustomNamedCurves.getByOID(P256));
    var generator = new ECKeyPairGenerator();
    generator.init(new ECKeyGenerationParameters(curve, random));
    try {
      var key = generator.generateKeyPair().getPrivate();
      return of(privateKey(PrivateKeyInfoFactory.createPrivateKeyInfo(key)));
    } catch (IOException e) {
      throw new IllegalStateException("a new P-256 key could not be encoded", e);
    }
  }

  /// The pair of a private key, its public half derived.
  ///
  /// @throws BadKey when the key is of no supported kind
  public static KeyPair of(PrivateKey key) {
    return new KeyPair(publicKey(key), key);
  }

  /// As PKCS #8, `PRIVATE KEY`: any kind of key.
  public static String toPkcs8Pem(KeyPair pair) {
    return new Pem(PKCS8, pair.getPrivate().getEncoded()).encode();
  }

  /// As SEC 1, `EC PRIVATE KEY`: what client-go writes and reads for `tls.key`.
  ///
  /// @throws BadKey when it is no EC key
  public static String toSec1Pem(KeyPair pair) {
    try {
      var info = PrivateKeyInfo.getInstance(pair.getPrivate().getEncoded());
      var kind = KeyKind.of(info.getPrivateKeyAlgorithm());
      if (!kind.algorithm().equals("EC")) {
        throw new BadKey("only EC keys have the form EC PRIVATE KEY, this is " + kind.algorithm());
      }
      BigInteger secret = ECPrivateKey.getInstance(info.parsePrivateKey()).getKey();
      var shared = SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded());
      var curve = info.getPrivateKeyAlgorithm().getParameters();
      var key = new ECPrivateKey(kind.bits(), secret, shared.getPublicKeyData(), curve);
      return new Pem(SEC1, key.getEncoded("DER")).encode();
    } catch (IllegalArgumentException | IOException e) {
      throw new BadKey("the private key cannot be written as EC PRIVATE KEY", e);
    }
  }

  /// Reads `EC PRIVATE KEY`, `PRIVATE KEY` or `RSA PRIVATE KEY`.
  ///
  /// @throws BadKey when there is not exactly one key, it is encrypted, broken or of no supported
  ///   kind
  public static KeyPair fromPem(String pem) {
    var block = onlyKey(pem);
    try {
      return of(
          privateKey(
              switch (block.label()) {
                case PKCS8 -> PrivateKeyInfo.getInstance(block.der());
                case SEC1 -> wrapSec1(block.der());
                case PKCS1 -> wrapPkcs1(block.der());
                default -> throw new BadKey(unexpected(block.label()));
              }));
    } catch (IllegalArgumentException | ClassCastException | IOException e) {
      // BouncyCastle's own message may quote what it read: the cause is left out on purpose.
      throw new BadKey("the block " + block.label() + " holds no readable private key");
    }
  }

  private static Pem onlyKey(String pem) {
    List<Pem> blocks;
    try {
      blocks = Pem.splitCommented(pem);
    } catch (BadPem e) {
      throw new BadKey("private key: " + e.getMessage(), e);
    }
    var keys = blocks.stream().filter(each -> !each.label().equals(EC_PARAMETERS)).toList();
    if (keys.size() != 1) {
      throw new BadKey("expected one PEM block with a private key, found " + keys.size());
    }
    return keys.getFirst();
  }

  private static String unexpected(String label) {
    return label.equals("ENCRYPTED PRIVATE KEY")
        ? "the private key is encrypted; decrypt it first (openssl pkey)"
        : "found PEM block %s, expected %s or %s".formatted(label, SEC1, PKCS8);
  }

  private static PrivateKeyInfo wrapSec1(byte[] der) throws IOException {
    var key = ECPrivateKey.getInstance(der);
    var curve = key.getParametersObject();
    if (curve == null) {
      throw new BadKey("the block EC PRIVATE KEY names no curve");
    }
    var algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve);
    return new PrivateKeyInfo(algorithm, key);
  }

  private static PrivateKeyInfo wrapPkcs1(byte[] der) throws IOException {
    var algorithm = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
    return new PrivateKeyInfo(algorithm, RSAPrivateKey.getInstance(der));
  }

  private static PrivateKey privateKey(PrivateKeyInfo info) throws IOException {
    KeyKind kind;
    try {
      kind = KeyKind.of(info.getPrivateKeyAlgorithm());
    } catch (IllegalArgumentException e) {
      throw new BadKey("the private " + e.getMessage(), e);
    }
    try {
      return KeyFactory.getInstance(kind.algorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded("DER")));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("not a key the JDK reads", e);
    }
  }

  private static PublicKey publicKey(PrivateKey key) {
    try {
      var half = publicHalf(PrivateKeyFactory.createKey(key.getEncoded()));
      return publicKey(SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(half));
    } catch (IllegalArgumentException | IOException e) {
      throw new BadKey("the private key %s has no public half".formatted(key.getAlgorithm()), e);
    }
  }

  private static AsymmetricKeyParameter publicHalf(AsymmetricKeyParameter key) {
    return switch (key) {
      case ECPrivateKeyParameters ec ->
          new ECPublicKeyParameters(
              ec.getParameters().getG().multiply(ec.getD()), ec.getParameters());
      case RSAPrivateCrtKeyParameters rsa ->
          new RSAKeyParameters(false, rsa.getModulus(), rsa.getPublicExponent());
      case Ed25519PrivateKeyParameters ed -> ed.generatePublicKey();
      default -> throw new IllegalArgumentException("key is not " + KeyKind.SUPPORTED);
    };
  }

  /// @throws IllegalArgumentException when the key is of no supported kind
  static PublicKey publicKey(SubjectPublicKeyInfo info) {
    try {
      return KeyFactory.getInstance(KeyKind.of(info).algorithm())
          .generatePublic(new X509EncodedKeySpec(info.getEncoded("DER")));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException("key is not a public key the JDK reads", e);
    }
  }
}
