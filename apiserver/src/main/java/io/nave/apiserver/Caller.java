package io.nave.apiserver;

import io.nave.api.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who asks: a name and groups that a certificate or token proved, or a part of this process.
///
/// @param extra further proven facts, as in `SubjectAccessReview`
public record Caller(
    String user, String uid, List<String> groups, Map<String, List<String>> extra) {
  /// The group that may do everything, in every Kubernetes.
  public static final String MASTERS = "system:masters";

  /// The group of everyone who proved who they are.
  public static final String AUTHENTICATED = "system:authenticated";

  private static final String SERVICE_ACCOUNT = "system:serviceaccount:";

  public Caller {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  public static Caller of(String user, String... groups) {
    return new Caller(user, "", List.of(groups), Map.of());
  }

  /// With the groups that everybody of that name has, as upstream: a service account that is given
  /// no groups has its own; everyone is authenticated.
  public static Caller completed(
      String user, String uid, List<String> groups, Map<String, List<String>> extra) {
    var all = new ArrayList<>(groups);
    var account = account(user).orElse(null);
    if (groups.isEmpty() && account != null) {
      all.add("system:serviceaccounts");
      all.add("system:serviceaccounts:" + account.namespace());
    }
    if (!all.contains(AUTHENTICATED)) {
      all.add(AUTHENTICATED);
    }
    return new Caller(user, uid, all, extra);
  }

  /// Namespace and name of the service account that a user is; empty when it is none.
  public static Optional<Key> account(String user) {
    var parts = user.startsWith(SERVICE_ACCOUNT) ? user.split(":", -1) : new String[0];
    return parts.length == 4 && !parts[2].isEmpty() && !parts[3].isEmpty()
        ? Optional.of(Key.of(parts[2], parts[3]))
        : Optional.empty();
  }

  /// A part of this hub, such as `controller:placement`; may do everything.
  public static Caller system(String part) {
    return of("system:nave:" + part, MASTERS, AUTHENTICATED);
  }
}
