package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.Selection;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// The namespaces that the sets of a cluster want in it (spec §3.7): makes them, marks them as this
/// hub's, and says how that went. One that is wanted no more keeps its content and loses its mark.
/// Used by the agent's task only.
final class SetNamespaces {
  private static final String AVAILABLE = "NamespaceAvailable";
  private static final String PREFIX = "clusterset.open-cluster-management.io/";
  private static final int LABEL_CHARS_MAX = 63;

  private final ApiClient cluster;
  private final String label;
  private Set<String> marked = Set.of(); // as of the last pass
  private boolean looked; // whether marks of an earlier process were looked for

  /// @param hubUrl its hash tells apart the marks of several hubs
  SetNamespaces(ApiClient cluster, String hubUrl) {
    this.cluster = cluster;
    this.label = PREFIX + hash(hubUrl);
  }

  /// Does what `present` asks and writes into `status` how that went.
  void apply(ManagedCluster present, ObjectNode status, Instant now) {
    var wanted = present.status().managedNamespaces();
    var names = new TreeSet<String>();
    wanted.forEach(each -> names.add(each.name()));
    if (!names.isEmpty()) {
      var told = status.putArray("managedNamespaces");
      for (var each : wanted) {
        var conditions = Condition.merge(each.conditions(), applied(each.name()), now);
        told.addObject()
            .put("clusterSet", each.clusterSet())
            .put("name", each.name())
            .set("conditions", Json.tree(conditions));
      }
    }
    if (!looked || !names.containsAll(marked)) {
      unmark(names);
    }
    marked = names;
  }

  private Condition applied(String name) {
    try {
      mark(name);
      return Condition.of(
          AVAILABLE, true, "NamespaceApplied", "Namespace successfully applied and managed");
    } catch (ApiError e) {
      return Condition.of(AVAILABLE, false, "NamespaceApplyFailed", Setback.text(e));
    }
  }

  private void mark(String name) {
    var key = Key.of(name);
    var found = cluster.find(HubKinds.NAMESPACE, key).orElse(null);
    if (found == null) {
      cluster.create(
          HubKinds.NAMESPACE,
          ApiObject.named(HubKinds.NAMESPACE, "", name)
              .editMeta(meta -> meta.putObject("labels").put(label, "true")));
    } else if (!"true".equals(found.labels().get(label))) {
      set(key, "true");
    }
  }

  private void unmark(Set<String> wanted) {
    try {
      var marks = Selection.labelled(label, "true");
      for (var found : cluster.list(HubKinds.NAMESPACE, "", marks).items()) {
        if (!wanted.contains(found.name())) {
          set(found.key(), "false");
        }
      }
      looked = true;
    } catch (ApiError e) {
      looked = e.is(ApiError.Reason.FORBIDDEN) || e.is(ApiError.Reason.NOT_FOUND); // else again
    }
  }

  private void set(Key key, String value) {
    cluster.patch(
        HubKinds.NAMESPACE,
        key,
        "",
        Patch.merge(body -> body.putObject("metadata").putObject("labels").put(label, value)));
  }

  private static String hash(String url) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      var hex = HexFormat.of().formatHex(sha.digest(url.getBytes(StandardCharsets.UTF_8)));
      return hex.substring(0, LABEL_CHARS_MAX);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
