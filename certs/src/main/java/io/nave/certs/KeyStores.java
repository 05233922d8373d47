package io.nave.certs;

import io.nave.runtime.Host;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// Credentials and trust in the forms that the JDK's TLS and servers built on it take. All in
/// memory.
public final class KeyStores {
  private static final String OWN = "own";

  private KeyStores() {}

  /// Shows one credential whenever the peer accepts its kind of key. Cheapest: no key store, no
  /// password, so prefer it where the library takes a key manager.
  public static X509ExtendedKeyManager keyManager(Credential credential) {
    return new CredentialKeyManager(credential);
  }

  /// Believes what the bundle believes, at the host's time. For clients it also checks that the
  /// server has the name that was dialled, when the connection asks for it
  /// (`endpointIdentificationAlgorithm`, which HTTPS clients set).
  ///
  /// A handshake that fails carries [Untrusted]'s message.
  public static X509ExtendedTrustManager trustManager(TrustBundle bundle, Host host) {
    return new BundleTrustManager(bundle, host);
  }

  /// A PKCS #12 key store with the credential as its only entry. The password protects nothing
  /// while the store stays in memory; it is what some libraries insist on.
  public static KeyStore keyStore(Credential credential, char[] password) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, password);
      var chain = credential.chain().toArray(X509Certificate[]::new);
      store.setKeyEntry(OWN, credential.key(), password, chain);
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JDK refused a key store in memory", e);
    }
  }

  /// As [#keyManager], for libraries that insist on a factory.
  public static KeyManagerFactory keyManagerFactory(Credential credential, char[] password) {
    try {
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(keyStore(credential, password), password);
      return factory;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK refused a key manager in memory", e);
    }
  }

  /// A key store with the bundle's authorities and nothing else, named `ca-0`, `ca-1`…
  public static KeyStore trustStore(TrustBundle bundle) {
    try {
      var store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      int number = 0;
      for (var each : bundle.authorities()) {
        store.setCertificateEntry("ca-" + number++, each);
      }
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the JDK refused a trust store in memory", e);
    }
  }
}
