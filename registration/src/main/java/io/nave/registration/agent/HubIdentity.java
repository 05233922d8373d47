package io.nave.registration.agent;

/// How an agent proves to the hub who it is.
public sealed interface HubIdentity {
  /// The bootstrap token, until the agent has a certificate of its own.
  record Token(String token) implements HubIdentity {
    @Override
    public String toString() {
      return "Token[hidden]";
    }
  }

  /// The agent's own certificate.
  ///
  /// @param chainPem certificates, leaf first
  /// @param keyPem its private key
  record Certificate(String chainPem, String keyPem) implements HubIdentity {
    @Override
    public String toString() {
      return "Certificate[hidden]";
    }
  }
}
