package io.nave.apiserver;

import java.util.List;
import java.util.Map;

/// Who asks: a name and groups that a certificate or token proved, or a part of this process.
///
/// @param extra further proven facts, as in `SubjectAccessReview`
public record Caller(
    String user, String uid, List<String> groups, Map<String, List<String>> extra) {
  /// The group that may do everything, in every Kubernetes.
  public static final String MASTERS = "system:masters";

  /// The group of everyone who proved who they are.
  public static final String AUTHENTICATED = "system:authenticated";

  public Caller {
    groups = List.copyOf(groups);
    extra = Map.copyOf(extra);
  }

  public static Caller of(String user, String... groups) {
    return new Caller(user, "", List.of(groups), Map.of());
  }

  /// A part of this hub, such as `controller:placement`; may do everything.
  public static Caller system(String part) {
    return of("system:nave:" + part, MASTERS, AUTHENTICATED);
  }
}
