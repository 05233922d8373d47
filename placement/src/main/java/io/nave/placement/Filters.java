package io.nave.placement;

import io.nave.api.LabelSelector;
import io.nave.placement.api.Placement;
import io.nave.placement.api.Placement.Predicate;
import io.nave.placement.api.Placement.Toleration;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedCluster.Taint;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which clusters may be chosen at all (spec §5.2).
final class Filters {
  static final String PREDICATE = "Predicate";
  static final String TAINTS = "TaintToleration";

  private Filters() {}

  /// The clusters that match any predicate; all of them when there is none.
  static List<ManagedCluster> byPredicate(Placement placement, List<ManagedCluster> clusters) {
    var predicates = placement.spec().predicates();
    for (var i = 0; i < predicates.size(); i++) {
      check(predicates.get(i), "spec.predicates[" + i + "].requiredClusterSelector");
    }
    if (predicates.isEmpty()) {
      return clusters;
    }
    return clusters.stream().filter(c -> predicates.stream().anyMatch(p -> matches(p, c))).toList();
  }

  private static void check(Predicate predicate, String path) {
    var selector = predicate.requiredClusterSelector();
    if (selector == null) {
      return;
    }
    if (selector.celSelector() != null && !selector.celSelector().isEmpty()) {
      throw new Misconfigured(
          PREDICATE, path + ".celSelector: this hub selects by labels and claims, not yet by CEL");
    }
    var labels = selector.labelSelector();
    var fault = labels == null ? Optional.<String>empty() : labels.fault();
    if (fault.isEmpty() && selector.claimSelector() != null) {
      fault = claims(selector).fault();
    }
    fault.ifPresent(text -> {
      throw new Misconfigured(PREDICATE, path + ": " + text);
    });
  }

  private static LabelSelector claims(Placement.ClusterSelector selector) {
    var claims = selector.claimSelector();
    return claims == null
        ? LabelSelector.everything()
        : new LabelSelector(Map.of(), claims.matchExpressions());
  }

  private static boolean matches(Predicate predicate, ManagedCluster cluster) {
    var selector = predicate.requiredClusterSelector();
    return selector == null || matches(selector, cluster);
  }

  /// Whether labels and claims of the cluster both match; an absent part matches everything.
  static boolean matches(Placement.ClusterSelector selector, ManagedCluster cluster) {
    var labels = selector.labelSelector();
    return (labels == null || labels.matches(cluster.metadata().labels()))
        && claims(selector).matches(claimsOf(cluster));
  }

  private static Map<String, String> claimsOf(ManagedCluster cluster) {
    var claims = new LinkedHashMap<String, String>();
    for (var claim : cluster.status().clusterClaims()) {
      claims.put(claim.name(), claim.value());
    }
    return claims;
  }

  /// The clusters all of whose taints are tolerated now.
  static List<ManagedCluster> byTaints(
      Placement placement, List<ManagedCluster> clusters, Set<String> current, Instant now) {
    if (!clusters.isEmpty()) {
      placement.spec().tolerations().forEach(Filters::check);
    }
    return clusters.stream()
        .filter(cluster ->
            cluster.spec().taints().stream()
                .allMatch(taint ->
                    tolerated(placement, taint, current.contains(cluster.metadata().name()), now)))
        .toList();
  }

  private static void check(Toleration toleration) {
    var exists = "Exists".equals(toleration.operator());
    if (empty(toleration.key()) && !exists) {
      throw new Misconfigured(TAINTS, "If the key is empty, operator must be Exists.");
    }
    if (exists && !empty(toleration.value())) {
      throw new Misconfigured(TAINTS, "If the operator is Exists, the value should be empty.");
    }
  }

  private static boolean tolerated(Placement placement, Taint taint, boolean current, Instant now) {
    return switch (taint.effect()) {
      case "PreferNoSelect" -> true;
      case "NoSelectIfNew" -> current || anyTolerates(placement, taint, now);
      default -> anyTolerates(placement, taint, now);
    };
  }

  private static boolean anyTolerates(Placement placement, Taint taint, Instant now) {
    return placement.spec().tolerations().stream()
        .anyMatch(t -> fits(t, taint) && expiry(t, taint).map(now::isBefore).orElse(true));
  }

  private static boolean fits(Toleration toleration, Taint taint) {
    if (!empty(toleration.effect()) && !taint.effect().equals(toleration.effect())) {
      return false;
    }
    if (!empty(toleration.key()) && !taint.key().equals(toleration.key())) {
      return false;
    }
    var operator = toleration.operator() == null ? "" : toleration.operator();
    return switch (operator) {
      case "Exists" -> true;
      case "", "Equal" -> orEmpty(toleration.value()).equals(orEmpty(taint.value()));
      default -> false;
    };
  }

  private static Optional<Instant> expiry(Toleration toleration, Taint taint) {
    var seconds = toleration.tolerationSeconds();
    var since = taint.timeAdded();
    return seconds == null || since == null
        ? Optional.empty()
        : Optional.of(since.plusSeconds(seconds));
  }

  /// The first moment at which a toleration of a currently chosen cluster runs out.
  static Optional<Instant> nextExpiry(
      Placement placement, List<ManagedCluster> clusters, Set<String> current, Instant now) {
    return clusters.stream()
        .filter(cluster -> current.contains(cluster.metadata().name()))
        .flatMap(cluster -> cluster.spec().taints().stream())
        .flatMap(taint ->
            placement.spec().tolerations().stream()
                .filter(t -> fits(t, taint))
                .flatMap(t -> expiry(t, taint).stream()))
        .filter(now::isBefore)
        .min(Instant::compareTo);
  }

  private static boolean empty(@Nullable String text) {
    return text == null || text.isEmpty();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
