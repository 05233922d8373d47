package io.nave.apiserver.authn;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.apiserver.Caller;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Bootstrap tokens as Kubernetes has them: `<id>.<secret>`, each a Secret
/// `kube-system/bootstrap-token-<id>`. Their bearer is `system:bootstrap:<id>` in the group
/// `system:bootstrappers`, and in what `auth-extra-groups` adds.
///
/// It is the last link for bearer tokens: what it does not know, nobody knows. Why a token is
/// refused is told only to those who know its secret half.
public final class BootstrapTokens implements TokenAuthenticator {
  static final String NAMESPACE = "kube-system";
  static final String TYPE = "bootstrap.kubernetes.io/token";
  static final String GROUP = "system:bootstrappers";

  private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
  private static final Pattern EXTRA_GROUP =
      Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
  private static final String REMEDY =
      "; get a new one from an administrator of the hub (nave get token)";

  private final Function<Key, Optional<ApiObject>> secrets;
  private final Host host;

  /// @param secrets reads one Secret
  public BootstrapTokens(Function<Key, Optional<ApiObject>> secrets, Host host) {
    this.secrets = secrets;
    this.host = host;
  }

  @Override
  public Optional<Proof> prove(String token, List<String> audiences) {
    return audiences.isEmpty()
        ? Optional.of(new Proof(caller(token), List.of()))
        : Optional.empty(); // it is for this server and nobody else
  }

  private Caller caller(String token) {
    var parts = TOKEN.matcher(token);
    if (!parts.matches()) {
      throw unknown();
    }
    var id = parts.group(1);
    var secret =
        secrets
            .apply(Key.of(NAMESPACE, "bootstrap-token-" + id))
            .filter(found -> isFor(found, id, parts.group(2)))
            .orElseThrow(BootstrapTokens::unknown);
    checkUsable(secret);
    return Caller.of("system:bootstrap:" + id, groups(secret).toArray(String[]::new));
  }

  private static boolean isFor(ApiObject secret, String id, String tokenSecret) {
    var told = value(secret, "token-secret");
    return Bearer.same(told, tokenSecret)
        && !secret.deleting()
        && secret.at("/type").asString("").equals(TYPE)
        && value(secret, "token-id").equals(id);
  }

  private void checkUsable(ApiObject secret) {
    var expiration = value(secret, "expiration");
    if (!expiration.isEmpty() && !host.now().isBefore(end(expiration))) {
      throw ApiError.unauthorized("the bootstrap token expired at " + expiration + REMEDY);
    }
    if (!value(secret, "usage-bootstrap-authentication").equals("true")) {
      throw ApiError.unauthorized(
          "the bootstrap token may not be used to authenticate (its Secret lacks"
              + " usage-bootstrap-authentication: \"true\")"
              + REMEDY);
    }
  }

  /// As in Kubernetes, a time that cannot be read has passed.
  private static Instant end(String expiration) {
    try {
      return OffsetDateTime.parse(expiration).toInstant();
    } catch (DateTimeException e) {
      return Instant.MIN;
    }
  }

  private static List<String> groups(ApiObject secret) {
    var groups = new TreeSet<String>();
    for (var extra : value(secret, "auth-extra-groups").split(",")) {
      var group = extra.strip();
      if (!group.isEmpty() && !EXTRA_GROUP.matcher(group).matches()) {
        throw ApiError.unauthorized(
            "the bootstrap token's Secret names a group outside system:bootstrappers:" + REMEDY);
      }
      if (!group.isEmpty()) {
        groups.add(group);
      }
    }
    var all = new ArrayList<>(groups);
    all.addFirst(GROUP);
    return all;
  }

  /// One value of a Secret's data; empty when it is absent or no base64.
  private static String value(ApiObject secret, String name) {
    try {
      var encoded = secret.json().path("data").path(name).asString("");
      return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static ApiError unknown() {
    return ApiError.unauthorized("the token is not known to this hub" + REMEDY);
  }
}
