package io.nave.apiserver.oidc;

import java.util.List;
import java.util.Map;

/// How tokens of one issuer become callers; each is the flag `--oidc-...` of kube-apiserver.
///
/// @param issuerUrl what `iss` must be, and where the issuer describes itself; https
/// @param clientIds of `aud`, any of these must be there
/// @param usernameClaim whose value is the user; `sub` unless told otherwise
/// @param usernamePrefix before it; empty: the issuer's URL and `#`, but nothing before an `email`;
///   `-`: nothing
/// @param groupsClaim whose values are groups; empty: none
/// @param groupsPrefix before each
/// @param requiredClaims that must have these values
/// @param signingAlgorithms believed of RS256, RS384, RS512, ES256, ES384, ES512
/// @param caPem whom the issuer must be signed by; empty: whom the Java runtime trusts
public record OidcSettings(
    String issuerUrl,
    List<String> clientIds,
    String usernameClaim,
    String usernamePrefix,
    String groupsClaim,
    String groupsPrefix,
    Map<String, String> requiredClaims,
    List<String> signingAlgorithms,
    String caPem) {
  private static final List<String> ALGORITHMS =
      List.of("RS256", "RS384", "RS512", "ES256", "ES384", "ES512");

  public OidcSettings {
    clientIds = List.copyOf(clientIds);
    requiredClaims = Map.copyOf(requiredClaims);
    signingAlgorithms = List.copyOf(signingAlgorithms);
    // A loopback issuer without TLS serves tests; what is not local must be proved.
    if (!issuerUrl.startsWith("https://") && !issuerUrl.startsWith("http://127.0.0.1:")) {
      throw new IllegalArgumentException(
          "--oidc-issuer-url: expected https://..., found \"" + issuerUrl + "\"");
    }
    if (clientIds.isEmpty()) {
      throw new IllegalArgumentException(
          "--oidc-client-id: required beside --oidc-issuer-url; name the client the tokens are for");
    }
    if (!ALGORITHMS.containsAll(signingAlgorithms) || signingAlgorithms.isEmpty()) {
      throw new IllegalArgumentException(
          "--oidc-signing-algs: expected some of " + ALGORITHMS + ", found " + signingAlgorithms);
    }
  }

  /// With the defaults of kube-apiserver.
  public static OidcSettings of(String issuerUrl, String clientId) {
    return new OidcSettings(
        issuerUrl, List.of(clientId), "sub", "", "", "", Map.of(), List.of("RS256"), "");
  }

  String userPrefix() {
    return switch (usernamePrefix) {
      case "-" -> "";
      case "" -> usernameClaim.equals("email") ? "" : issuerUrl + "#";
      default -> usernamePrefix;
    };
  }
}
