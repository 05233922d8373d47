package io.nave.apiserver.accounts;

import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.Caller;
import io.nave.apiserver.authn.Authentication;
import io.nave.apiserver.registry.ServedType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// The questions about identity: who a token is (TokenReview), who I am (SelfSubjectReview,
/// `kubectl auth whoami`), and a token for an account.
public final class IdentityKinds {
  private static final String GROUP = "authentication.k8s.io";

  private IdentityKinds() {}

  /// The kinds with `serviceaccounts/token` added to theirs, and the reviews behind them.
  public static List<ServedType> added(
      List<ServedType> kinds, AccountTokens tokens, Authentication authentication) {
    var all = new ArrayList<ServedType>();
    var token = new TokenRequests(tokens).subresource();
    for (var kind : kinds) {
      var type = kind.type();
      var account = type.group().isEmpty() && type.plural().equals("serviceaccounts");
      all.add(account ? kind.withSubresource(token) : kind);
    }
    all.add(ServedType.of(type("TokenReview", "tokenreviews"), new TokenReview(authentication)));
    all.add(
        ServedType.of(type("SelfSubjectReview", "selfsubjectreviews"), new SelfSubjectReview()));
    return List.copyOf(all);
  }

  private static ResourceType type(String kind, String plural) {
    return ResourceType.of(GROUP, "v1", kind, plural, false);
  }

  /// A caller as `UserInfo`.
  static ObjectNode userInfo(Caller caller) {
    var info = Json.object().put("username", caller.user());
    if (!caller.uid().isEmpty()) {
      info.put("uid", caller.uid());
    }
    if (!caller.groups().isEmpty()) {
      caller.groups().forEach(info.putArray("groups")::add);
    }
    if (!caller.extra().isEmpty()) {
      var extra = info.putObject("extra");
      new TreeMap<>(caller.extra())
          .forEach((key, values) -> values.forEach(extra.putArray(key)::add));
    }
    return info;
  }
}
