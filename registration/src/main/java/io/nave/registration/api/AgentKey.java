package io.nave.registration.api;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.HexFormat;

/// The key a cluster's name is bound to: the first who came with it keeps the name (spec §14, our
/// choice). It stands in an annotation of the ManagedCluster; an administrator frees the name by
/// removing the annotation.
public final class AgentKey {
  /// Holds the [#hash] of the public key.
  public static final String ANNOTATION = "nave.io/agent-key";

  private AgentKey() {}

  /// `sha256:` and the hash of the key's DER form in lower-case hex.
  public static String hash(PublicKey key) {
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return "sha256:" + HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
