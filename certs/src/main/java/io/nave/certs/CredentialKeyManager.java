package io.nave.certs;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// One credential, offered for every peer that takes its kind of key. Which authorities the peer
/// names does not matter: with one credential there is nothing to choose, and the peer's refusal
/// says more than our silence.
final class CredentialKeyManager extends X509ExtendedKeyManager {
  private static final String ALIAS = "own";

  private final Credential credential;

  CredentialKeyManager(Credential credential) {
    this.credential = credential;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chooseClientAlias(types, issuers, null);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return matches(type) ? ALIAS : null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    for (var type : types) {
      if (matches(type)) {
        return ALIAS;
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return matches(type) ? ALIAS : null;
  }

  @Override
  public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
    return matches(type) ? new String[] {ALIAS} : null;
  }

  @Override
  public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
    return matches(type) ? new String[] {ALIAS} : null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return alias.equals(ALIAS) ? credential.chain().toArray(X509Certificate[]::new) : null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return alias.equals(ALIAS) ? credential.key() : null;
  }

  @Override
  public String toString() {
    return "key manager of " + credential;
  }

  /// The JDK asks for `EC`, or with TLS 1.2 for `EC_RSA`: a key of the one kind, signed by the
  /// other.
  private boolean matches(String type) {
    var own = credential.key().getAlgorithm();
    return type.equals(own) || type.startsWith(own + "_");
  }
}
