package io.nave.apiserver.accounts;

import io.nave.apiserver.jwt.KeySet;
import io.nave.apiserver.jwt.SigningKey;
import io.nave.certs.KeyPairs;
import io.nave.runtime.Host;
import java.util.List;

/// The keys behind service account tokens. Thread-safe. Replicas of one hub must share what they
/// believe before any of them signs with it.
public interface AccountKeys {
  /// What new tokens are signed with.
  SigningKey signing();

  /// Whose signatures are believed: the signing key, and older ones until their last token is over.
  KeySet believed();

  /// A key was named that [#believed] lacks: another replica may have made it. Called often; looks
  /// again only now and then.
  default void missed() {}

  /// One key that lives as long as this process: for practice clusters and tests.
  static AccountKeys fresh(Host host) {
    var key = SigningKey.of(KeyPairs.generate(host.secureRandom()));
    var believed = KeySet.of(List.of(key));
    return new AccountKeys() {
      @Override
      public SigningKey signing() {
        return key;
      }

      @Override
      public KeySet believed() {
        return believed;
      }
    };
  }
}
