package io.nave.registration.api;

import java.util.Optional;
import java.util.regex.Pattern;

/// What a managed cluster may be called: as a namespace, because it gets the namespace of its name,
/// and not as something that is already there.
public final class ClusterNames {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private ClusterNames() {}

  /// What is wrong with the name; empty when it is a good one.
  public static Optional<String> fault(String name) {
    if (!LABEL.matcher(name).matches()) {
      return Optional.of(
          "\"%s\" must be a namespace name: 1 to 63 lower-case letters, digits or '-', beginning"
                  .formatted(name)
              + " and ending with a letter or digit");
    }
    // The group of the agents of a cluster of this name would be the group of all agents.
    if (name.equals("managed-clusters")) {
      return Optional.of("\"managed-clusters\" is the group of all agents; choose another name");
    }
    // An accepted cluster gets rights in the namespace of its name.
    if (name.equals("default")
        || name.startsWith("kube-")
        || name.startsWith("open-cluster-management")) {
      return Optional.of("\"" + name + "\" is a namespace of the hub itself; choose another name");
    }
    return Optional.empty();
  }
}
