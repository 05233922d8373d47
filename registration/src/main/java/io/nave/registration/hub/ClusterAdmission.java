package io.nave.registration.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.registration.api.ClusterNames;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The rules of upstream's webhooks for clusters and bindings (spec §4.6), as pure functions: the
/// hub's API server asks them in its admission, for CREATE and UPDATE of the object itself, not of
/// its status.
public final class ClusterAdmission {
  /// The set of clusters that name none.
  public static final String DEFAULT_SET = "default";

  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final ResourceType BINDING = ResourceType.of(ManagedClusterSetBinding.class);
  private static final ResourceType SET = ResourceType.of(ManagedClusterSet.class);

  /// What the caller may do beside the write itself; the API server's authorizer answers.
  @FunctionalInterface
  public interface Rights {
    boolean may(String verb, String group, String resource, String subresource, String name);

    /// Who asks.
    default String user() {
      return "";
    }

    default List<String> groups() {
      return List.of();
    }

    /// The clusters there are; asked only where a token lets no more than one in.
    default List<ApiObject> clusters() {
      return List.of();
    }
  }

  private ClusterAdmission() {}

  /// Completes and checks a ManagedCluster.
  ///
  /// @param old null for a CREATE
  /// @param terminating whether the namespace of its name is on its way out
  /// @return the object to go on with
  /// @throws ApiError BadRequest or Forbidden, naming the field or the right
  public static ApiObject cluster(
      @Nullable ApiObject old, ApiObject next, Rights rights, boolean terminating, Instant now) {
    AgentWrites.check(old, next, rights);
    var noted = AgentWrites.noted(old, next, rights);
    var tainted = withTaintTimes(old, old == null ? unheardOf(noted) : noted, now);
    var completed = withFinalizers(withDefaultSet(tainted));
    checkName(completed);
    checkUrls(completed);
    checkAcceptance(old, completed, rights, terminating);
    checkSet(old, completed, rights);
    return completed;
  }

  /// Checks a ManagedClusterSetBinding.
  ///
  /// @param old null for a CREATE
  /// @throws ApiError BadRequest or Forbidden
  public static void binding(@Nullable ApiObject old, ApiObject next, Rights rights) {
    var set = next.spec().path("clusterSet").asString("");
    if (!set.equals(next.name())) {
      throw ApiError.badRequest(
          "spec.clusterSet: must be the name of the binding (%s), was \"%s\""
              .formatted(next.name(), set));
    }
    if (old == null && !rights.may("create", SET.group(), SET.plural(), "bind", set)) {
      throw ApiError.forbidden(
          BINDING,
          next.name(),
          "binding cluster set %s needs the right to create managedclustersets/bind"
              .formatted(set));
    }
  }

  /// Nobody has heard of a new cluster's agent, and the taint that says so ([TaintReconciler]) is
  /// there from the start: one write fewer for each join, and no moment in which a placement could
  /// choose it.
  private static ApiObject unheardOf(ApiObject next) {
    for (var taint : next.spec().path("taints")) {
      var key = text(taint, "key");
      if (key.equals(TaintReconciler.UNREACHABLE) || key.equals(TaintReconciler.UNAVAILABLE)) {
        return next;
      }
    }
    return next.edit(tree ->
        tree.withObjectProperty("spec")
            .withArrayProperty("taints")
            .addObject()
            .put("key", TaintReconciler.UNREACHABLE)
            .put("effect", "NoSelect"));
  }

  private static ApiObject withTaintTimes(@Nullable ApiObject old, ApiObject next, Instant now) {
    var before = new TreeMap<String, JsonNode>();
    if (old != null) {
      old.spec().path("taints").forEach(taint -> before.put(text(taint, "key"), taint));
    }
    var faults = new ArrayList<String>();
    var taints = Json.object().putArray("taints");
    for (var taint : next.spec().path("taints")) {
      var timed = taint.isObject() ? (ObjectNode) taint.deepCopy() : Json.object();
      var fault = time(old == null, before.get(text(taint, "key")), timed, now);
      if (fault) {
        faults.add(text(taint, "key"));
      }
      taints.add(timed);
    }
    if (!faults.isEmpty()) {
      throw ApiError.badRequest(
          "spec.taints: timeAdded is set by the hub; leave it out or unchanged for the taints "
              + faults);
    }
    if (taints.isEmpty() || Json.same(taints, next.spec().path("taints"))) {
      return next;
    }
    return next.edit(tree -> tree.withObjectProperty("spec").set("taints", taints));
  }

  /// @return whether the client said a time it may not say
  private static boolean time(
      boolean create, @Nullable JsonNode before, ObjectNode taint, Instant now) {
    var said = text(taint, "timeAdded");
    var stored = before == null ? "" : text(before, "timeAdded");
    var same =
        before != null
            && text(before, "value").equals(text(taint, "value"))
            && text(before, "effect").equals(text(taint, "effect"));
    if (!create && same) {
      // Kinder than upstream, which refuses an unchanged taint without its time: people who write
      // taints by hand do not know it.
      taint.put("timeAdded", stored);
      return !said.isEmpty() && !said.equals(stored);
    }
    taint.put("timeAdded", Instant.ofEpochSecond(now.getEpochSecond()).toString());
    return !create && !said.isEmpty();
  }

  private static ApiObject withDefaultSet(ApiObject next) {
    if (!setOf(next).isEmpty()) {
      return next;
    }
    return next.editMeta(
        meta -> meta.withObjectProperty("labels").put(ManagedCluster.SET_LABEL, DEFAULT_SET));
  }

  /// Who accepts a cluster also has it held until it was cleaned up: one write instead of two, and
  /// no moment in which it could go without.
  private static ApiObject withFinalizers(ApiObject next) {
    if (!accepted(next)
        || next.deleting()
        || next.finalizers().containsAll(AcceptanceReconciler.FINALIZERS)) {
      return next;
    }
    return next.editMeta(meta -> {
      var all = new LinkedHashSet<>(next.finalizers());
      all.addAll(AcceptanceReconciler.FINALIZERS);
      all.forEach(meta.putArray("finalizers")::add);
    });
  }

  private static void checkName(ApiObject next) {
    var fault = ClusterNames.fault(next.name());
    if (fault.isPresent()) {
      throw ApiError.badRequest("metadata.name: " + fault.get());
    }
  }

  private static void checkUrls(ApiObject next) {
    var bad = new ArrayList<String>();
    for (var config : next.spec().path("managedClusterClientConfigs")) {
      if (!https(text(config, "url"))) {
        bad.add(text(config, "url"));
      }
    }
    if (!bad.isEmpty()) {
      throw ApiError.badRequest(
          "spec.managedClusterClientConfigs: url must be a valid https URL, was " + bad);
    }
  }

  private static boolean https(String url) {
    try {
      var uri = new URI(url);
      return "https".equals(uri.getScheme()) && uri.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static void checkAcceptance(
      @Nullable ApiObject old, ApiObject next, Rights rights, boolean terminating) {
    if (!accepted(next) || (old != null && accepted(old))) {
      return;
    }
    var name = next.name();
    if (!rights.may(
        "update", "register.open-cluster-management.io", "managedclusters", "accept", name)) {
      throw ApiError.forbidden(
          CLUSTER,
          name,
          "accepting a cluster (spec.hubAcceptsClient) needs the right to update"
              + " managedclusters/accept in register.open-cluster-management.io");
    }
    if (terminating) {
      throw ApiError.forbidden(
          CLUSTER, name, "the namespace of its name is being terminated; wait until it is gone");
    }
  }

  private static void checkSet(@Nullable ApiObject old, ApiObject next, Rights rights) {
    var before = old == null ? "" : setOf(old);
    var after = setOf(next);
    if (before.equals(after)) {
      return;
    }
    for (var set : before.isEmpty() ? List.of(after) : List.of(after, before)) {
      if (!rights.may("create", SET.group(), SET.plural(), "join", set)) {
        throw ApiError.forbidden(
            CLUSTER,
            next.name(),
            "joining or leaving cluster set %s needs the right to create managedclustersets/join"
                .formatted(set));
      }
    }
  }

  private static boolean accepted(ApiObject cluster) {
    return cluster.spec().path("hubAcceptsClient").asBoolean(false);
  }

  private static String setOf(ApiObject cluster) {
    return cluster.labels().getOrDefault(ManagedCluster.SET_LABEL, "");
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }
}
