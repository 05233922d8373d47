package io.nave.apiserver.oidc;

import io.nave.api.ApiError;
import io.nave.apiserver.Caller;
import io.nave.apiserver.authn.TokenAuthenticator;
import io.nave.apiserver.jwt.Token;
import io.nave.apiserver.outbound.Calls;
import io.nave.runtime.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Believes the ID tokens of one OpenID Connect issuer.
///
/// Names that begin with `system:` are Kubernetes' own; an issuer that could give them away could
/// make anyone an administrator. A token that claims one is refused, where upstream believes it
/// when no prefix is set.
public final class OidcTokens implements TokenAuthenticator {
  /// How far the issuer's clock may be from this one.
  private static final Duration LEEWAY = Duration.ofSeconds(10);

  private static final String RESERVED = "system:";

  /// More than any directory lists; the header's bound comes before it.
  private static final int GROUPS_MAX = 1_000;

  private final Host host;
  private final OidcSettings settings;
  private final IssuerKeys keys;

  public OidcTokens(Host host, Calls calls, OidcSettings settings) {
    this.host = host;
    this.settings = settings;
    this.keys = new IssuerKeys(host, calls, settings);
  }

  @Override
  public Optional<Proof> prove(String text, List<String> audiences) {
    var token = Token.parse(text).orElse(null);
    if (token == null || !token.text("iss").equals(settings.issuerUrl()) || !audiences.isEmpty()) {
      return Optional.empty();
    }
    checkSignature(token);
    checkTime(token);
    if (token.audiences().stream().noneMatch(settings.clientIds()::contains)) {
      throw refused(
          "expected audience %s, got %s".formatted(settings.clientIds(), token.audiences()));
    }
    checkRequired(token);
    return Optional.of(new Proof(caller(token), List.of()));
  }

  private void checkSignature(Token token) {
    var algorithm = token.header().path("alg").asString("");
    if (!settings.signingAlgorithms().contains(algorithm)) {
      throw refused(
          "signed with \"%s\", expected %s".formatted(algorithm, settings.signingAlgorithms()));
    }
    if (!keys.forToken(token).verify(token)) {
      throw refused("failed to verify signature");
    }
  }

  private void checkTime(Token token) {
    var now = host.now();
    var end = token.time("exp").orElseThrow(() -> refused("it has no end (exp)"));
    if (now.isAfter(end.plus(LEEWAY))) {
      throw refused("token is expired (Token Expiry: %s)".formatted(end));
    }
    if (now.isBefore(token.time("nbf").orElse(Instant.MIN.plus(LEEWAY)).minus(LEEWAY))) {
      throw refused("token is not valid yet; check the clocks");
    }
  }

  private void checkRequired(Token token) {
    settings
        .requiredClaims()
        .forEach((claim, wanted) -> {
          var found = token.text(claim);
          if (!found.equals(wanted)) {
            throw refused(
                "required claim %s does not have the value it must have".formatted(claim));
          }
        });
  }

  private Caller caller(Token token) {
    var name = token.text(settings.usernameClaim());
    if (name.isEmpty()) {
      throw refused("it has no text in the claim \"%s\"".formatted(settings.usernameClaim()));
    }
    if (settings.usernameClaim().equals("email")
        && token.claims().has("email_verified")
        && !token.claims().path("email_verified").asBoolean(false)) {
      throw refused("email not verified");
    }
    var user = unreserved(settings.userPrefix() + name);
    return new Caller(user, "", groups(token), Map.of());
  }

  private List<String> groups(Token token) {
    var groups = new ArrayList<String>();
    if (!settings.groupsClaim().isEmpty()) {
      for (var group : token.texts(settings.groupsClaim())) {
        groups.add(unreserved(settings.groupsPrefix() + group));
      }
    }
    if (groups.size() > GROUPS_MAX) {
      throw refused(
          "it names %d groups, at most %d are taken".formatted(groups.size(), GROUPS_MAX));
    }
    return groups;
  }

  private String unreserved(String name) {
    if (name.startsWith(RESERVED)) {
      throw refused("it claims the reserved name \"%s\"; set a prefix".formatted(name));
    }
    return name;
  }

  private static ApiError refused(String why) {
    return ApiError.unauthorized("oidc: verify token: " + why);
  }
}
