package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Quantity;
import io.nave.api.ResourceType;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.store.Store;
import io.nave.store.StoreKey;
import io.nave.store.View;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/// Holds namespaces to their ResourceQuotas: how many objects of a kind they may have.
///
/// What is used stands in the quota's status, and changes in the commit that changes it: so two
/// creates at once cannot both take the last place. In one process they queue for it instead of
/// failing. Counts are made from the objects that are there, so they cannot drift. Thread-safe.
public final class Quotas {
  /// Where quotas are kept.
  static final String BUCKET = "resourcequotas";

  private static final String COUNT = "count/";

  /// Kinds that a quota may name without `count/`.
  private static final Set<String> PLAIN =
      Set.of(
          "configmaps",
          "persistentvolumeclaims",
          "pods",
          "replicationcontrollers",
          "resourcequotas",
          "secrets",
          "services");

  private final Store store;
  private final Monitor turn;
  private final Set<String> busy =
      new HashSet<>(); // under turn: namespaces with a commit under way

  Quotas(Host host, Store store) {
    this.store = store;
    this.turn = host.monitor();
  }

  /// Whether a quota has to be asked or kept up to date.
  boolean concern(Draft draft) {
    return draft.touched().stream()
        .anyMatch(key -> !key.namespace().isEmpty() && draft.count(BUCKET, key.namespace()) > 0);
  }

  /// Commits the draft, unless it is a dry run, with the quotas it concerns.
  ///
  /// @return the draft as it was committed
  /// @throws ApiError Forbidden when it goes beyond one of them
  Draft commit(Draft draft) {
    var namespaces = new LinkedHashSet<String>();
    draft.touched().forEach(key -> namespaces.add(key.namespace()));
    namespaces.remove("");
    begin(namespaces);
    try {
      var next = draft.on(store.view());
      for (var namespace : namespaces) {
        for (var quota : next.list(BUCKET, namespace)) {
          charge(next, draft, quota);
        }
      }
      if (!draft.options().dryRun()) {
        next.commit(store);
      }
      return next;
    } finally {
      end(namespaces);
    }
  }

  /// Waits for those that write to these namespaces.
  private void begin(Set<String> namespaces) {
    try (var _ = turn.lock()) {
      while (!Collections.disjoint(busy, namespaces)) {
        turn.await();
      }
      busy.addAll(namespaces);
    }
  }

  private void end(Set<String> namespaces) {
    try (var _ = turn.lock()) {
      busy.removeAll(namespaces);
      turn.signalAll();
    }
  }

  /// @param asked the draft without the quotas' own changes
  private static void charge(Draft next, Draft asked, ApiObject quota) {
    var used = used(quota, next);
    var over = new TreeMap<String, Long>(); // what is asked for, of what there is too much
    for (var key : asked.touched()) {
      for (var each : used.entrySet()) {
        if (key.namespace().equals(quota.namespace())
            && asked.creates(key)
            && bucket(each.getKey()).equals(key.bucket())
            && limit(quota, each.getKey()).compareTo(Quantity.of(each.getValue())) < 0) {
          over.merge(each.getKey(), 1L, Long::sum);
        }
      }
    }
    if (!over.isEmpty()) {
      throw exceeded(quota, used, over, asked);
    }
    var status = status(quota, used);
    if (!Json.same(quota.status(), status)) {
      next.put(
          new StoreKey(BUCKET, quota.namespace(), quota.name()),
          quota.edit(tree -> tree.set("status", status)));
    }
  }

  private static Quantity limit(ApiObject quota, String name) {
    var text = quota.at("/spec/hard").path(name).asString("");
    return Quantity.parse(text).orElseGet(() -> Quantity.of(Long.MAX_VALUE));
  }

  private static ApiError exceeded(
      ApiObject quota, Map<String, Long> used, Map<String, Long> over, Draft asked) {
    var first =
        asked.touched().stream()
            .filter(asked::creates)
            .filter(key -> over.keySet().stream().anyMatch(n -> bucket(n).equals(key.bucket())))
            .findFirst()
            .orElseThrow();
    var requested = new StringJoiner(",");
    var before = new StringJoiner(",");
    var limited = new StringJoiner(",");
    over.forEach((name, count) -> {
      requested.add(name + "=" + count);
      before.add(name + "=" + (used.getOrDefault(name, 0L) - count));
      limited.add(name + "=" + quota.at("/spec/hard").path(name).asString(""));
    });
    return ApiError.forbidden(
        type(first.bucket()),
        first.name(),
        "exceeded quota: %s, requested: %s, used: %s, limited: %s"
            .formatted(quota.name(), requested, before, limited));
  }

  /// Enough of the type to name it.
  private static ResourceType type(String bucket) {
    var dot = bucket.indexOf('.');
    var plural = dot < 0 ? bucket : bucket.substring(0, dot);
    return ResourceType.of(dot < 0 ? "" : bucket.substring(dot + 1), "v1", plural, plural, true);
  }

  /// What a quota's status says in a state.
  public static ObjectNode status(ApiObject quota, View view) {
    return status(quota, used(quota, view));
  }

  private static ObjectNode status(ApiObject quota, Map<String, Long> used) {
    var status = Json.object();
    Trees.put(status, "hard", quota.at("/spec/hard"));
    var shown = status.putObject("used");
    quota
        .at("/spec/hard")
        .properties()
        .forEach(limit ->
            shown.put(limit.getKey(), Long.toString(used.getOrDefault(limit.getKey(), 0L))));
    return status;
  }

  /// How many there are of each kind that a quota limits.
  private static Map<String, Long> used(ApiObject quota, View view) {
    var used = new TreeMap<String, Long>();
    quota
        .at("/spec/hard")
        .properties()
        .forEach(limit -> {
          var bucket = bucket(limit.getKey());
          if (!bucket.isEmpty()) {
            used.put(limit.getKey(), (long) view.count(bucket, quota.namespace()));
          }
        });
    return used;
  }

  /// Where the objects are that a limit counts; empty for limits on what no object here consumes,
  /// such as `requests.cpu`.
  private static String bucket(String limit) {
    if (limit.startsWith(COUNT)) {
      return limit.substring(COUNT.length());
    }
    return PLAIN.contains(limit) ? limit : "";
  }
}
