package io.nave.apiserver.authn;

import io.nave.api.ApiError;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.runtime.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Lets a caller act as another, as `kubectl --as` asks, where the caller has the right to
/// `impersonate` that user and each of the groups. A request that asks for it is answered as the
/// other or refused, never as the caller.
///
/// Of the headers Kubernetes knows, `Impersonate-User` and one `Impersonate-Group` list are
/// honoured; `Impersonate-Uid` and `Impersonate-Extra-*` are refused.
public final class Impersonation {
  private static final String USER = "impersonate-user";
  private static final String GROUP = "impersonate-group";
  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  private Impersonation() {}

  /// Whom the request is to be answered as.
  ///
  /// @throws ApiError Forbidden when the caller may not, BadRequest when the headers make no sense
  public static Caller apply(Caller caller, Transport.Request request, Api api) {
    var asked = request.headers();
    var user = asked.get(USER);
    for (var header : asked.keySet()) {
      if (header.startsWith("impersonate-")
          && (user == null || !(header.equals(USER) || header.equals(GROUP)))) {
        throw ApiError.badRequest(
            "the header "
                + header
                + " cannot be honoured: this server impersonates by Impersonate-User, with"
                + " Impersonate-Group beside it");
      }
    }
    if (user == null) {
      return caller;
    }
    check(caller, api, user.startsWith(SERVICE_ACCOUNT) ? "serviceaccounts" : "users", user);
    var groups = groups(asked.getOrDefault(GROUP, ""));
    groups.forEach(group -> check(caller, api, "groups", group));
    groups.add(Caller.AUTHENTICATED);
    return new Caller(user, "", groups, Map.of());
  }

  private static List<String> groups(String header) {
    var groups = new ArrayList<String>();
    for (var group : header.split(",")) {
      if (!group.isBlank()) {
        groups.add(group.strip());
      }
    }
    return groups;
  }

  private static void check(Caller caller, Api api, String resource, String name) {
    var account = resource.equals("serviceaccounts") ? name.split(":", 4) : new String[0];
    var namespace = account.length == 4 ? account[2] : "";
    var subject = account.length == 4 ? account[3] : name;
    var decision =
        api.authorize(
            caller, new Api.Attributes("impersonate", "", resource, "", namespace, subject, ""));
    if (!decision.allowed()) {
      throw ApiError.forbidden(
          "%s \"%s\" is forbidden: User \"%s\" cannot impersonate resource \"%s\" in API group \"\" at the cluster scope"
              .formatted(resource, subject, caller.user(), resource));
    }
  }
}
