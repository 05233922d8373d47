package io.nave.apiserver.authn;

import io.nave.api.ApiError;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.runtime.Transport;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Lets a caller act as another, as `kubectl --as` asks, where the caller has the right to
/// `impersonate` that user, each of the groups, the uid and each extra value. A request that asks
/// for it is answered as the other or refused, never as the caller.
///
/// The headers are Kubernetes': `Impersonate-User`, and beside it `Impersonate-Group`,
/// `Impersonate-Uid` and `Impersonate-Extra-<key>`. A header that stands several times arrives here
/// as one list with commas, so a group or value with a comma in it cannot be asked for.
public final class Impersonation {
  private static final String PREFIX = "impersonate-";
  private static final String USER = "impersonate-user";
  private static final String GROUP = "impersonate-group";
  private static final String UID = "impersonate-uid";
  private static final String EXTRA = "impersonate-extra-";
  private static final String AUTHENTICATION = "authentication.k8s.io";

  private Impersonation() {}

  /// Whom the request is to be answered as.
  ///
  /// @throws ApiError Forbidden when the caller may not, BadRequest when the headers make no sense
  public static Caller apply(Caller caller, Transport.Request request, Api api) {
    var asked = request.headers();
    var user = asked.get(USER);
    asked.keySet().forEach(header -> checkHeader(header, user != null));
    if (user == null) {
      return caller;
    }
    var rights = new Rights(caller, api);
    var account = Caller.account(user).orElse(null);
    if (account != null) {
      rights.check("", "serviceaccounts", "", account.namespace(), account.name());
    } else {
      rights.check("", "users", "", "", user);
    }
    var groups = list(asked.getOrDefault(GROUP, ""));
    groups.forEach(group -> rights.check("", "groups", "", "", group));
    var uid = asked.getOrDefault(UID, "");
    if (!uid.isEmpty()) {
      rights.check(AUTHENTICATION, "uids", "", "", uid);
    }
    var extra = extra(asked);
    extra.forEach((key, values) ->
        values.forEach(value -> rights.check(AUTHENTICATION, "userextras", key, "", value)));
    return Caller.completed(user, uid, groups, extra);
  }

  private static void checkHeader(String header, boolean user) {
    var known =
        header.equals(USER)
            || header.equals(GROUP)
            || header.equals(UID)
            || header.startsWith(EXTRA);
    if (header.startsWith(PREFIX) && !(known && user)) {
      throw ApiError.badRequest(
          "the header "
              + header
              + " cannot be honoured: this server impersonates by Impersonate-User, with"
              + " Impersonate-Group, Impersonate-Uid and Impersonate-Extra-<key> beside it");
    }
  }

  private static Map<String, List<String>> extra(Map<String, String> headers) {
    var extra = new TreeMap<String, List<String>>();
    headers.forEach((header, value) -> {
      if (header.startsWith(EXTRA) && header.length() > EXTRA.length()) {
        extra.put(decoded(header.substring(EXTRA.length())), list(value));
      }
    });
    return extra;
  }

  private static String decoded(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8)
          .toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw ApiError.badRequest("the header " + EXTRA + key + " holds a broken escape");
    }
  }

  private static List<String> list(String header) {
    var values = new ArrayList<String>();
    for (var value : header.split(",")) {
      if (!value.isBlank()) {
        values.add(value.strip());
      }
    }
    return values;
  }

  private record Rights(Caller caller, Api api) {
    void check(String group, String resource, String subresource, String namespace, String name) {
      var asked =
          new Api.Attributes("impersonate", group, resource, subresource, namespace, name, "");
      if (!api.authorize(caller, asked).allowed()) {
        var what = subresource.isEmpty() ? resource : resource + "/" + subresource;
        var place =
            namespace.isEmpty() ? "at the cluster scope" : "in the namespace \"" + namespace + "\"";
        throw ApiError.forbidden(
            "%s \"%s\" is forbidden: User \"%s\" cannot impersonate resource \"%s\" in API group \"%s\" %s"
                .formatted(
                    group.isEmpty() ? resource : resource + "." + group,
                    name,
                    caller.user(),
                    what,
                    group,
                    place));
      }
    }
  }
}
