package io.nave.apiserver.accounts;

import io.nave.api.Json;
import io.nave.apiserver.http.Page;
import java.util.Map;

/// What others need to check this server's service account tokens by themselves, in the form of
/// OpenID Connect. Readable by service accounts, and by whom the role
/// `system:service-account-issuer-discovery` is bound to.
public final class IssuerDocuments {
  private static final String KEYS = "/openid/v1/jwks";

  private IssuerDocuments() {}

  /// By path.
  public static Map<String, Page> of(AccountTokens tokens) {
    return Map.of(
        "/.well-known/openid-configuration",
        new Page("application/json", address -> configuration(tokens, address)),
        KEYS,
        new Page("application/jwk-set+json", _ -> Json.encode(tokens.keys().believed().toJson())));
  }

  private static byte[] configuration(AccountTokens tokens, String address) {
    var document = Json.object().put("issuer", AccountTokens.ISSUER);
    document.put("jwks_uri", "https://" + address + KEYS);
    document.putArray("response_types_supported").add("id_token");
    document.putArray("subject_types_supported").add("public");
    var algorithms = document.putArray("id_token_signing_alg_values_supported");
    tokens.keys().believed().algorithms().forEach(algorithms::add);
    return Json.encode(document);
  }
}
