package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Cache;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.BootstrapGroups;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.SigningRequest;
import io.nave.runtime.Host;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves the three reconcilers of certificate requests from caches and one client.
///
/// @param requests with the index [#BY_CLUSTER]
record HubRequestWorld(
    Host host,
    ApiClient client,
    Cache<SigningRequest> requests,
    Cache<ManagedCluster> clusters,
    Cache<ApiObject> namespaces)
    implements RequestApprovalReconciler.World,
        SigningReconciler.World,
        RequestCleanupReconciler.World {
  /// Index of requests by the cluster of their label.
  static final String BY_CLUSTER = "cluster";

  private static final Logger LOG = LoggerFactory.getLogger(HubRequestWorld.class);
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  @Override
  public Optional<SigningRequest> request(String name) {
    return requests.get(Key.of(name));
  }

  @Override
  public Optional<ManagedCluster> cluster(String name) {
    return clusters.get(Key.of(name));
  }

  @Override
  public List<SigningRequest> pending(String cluster) {
    return requests.byIndex(BY_CLUSTER, cluster).stream()
        .filter(request -> request.state() == SigningRequest.State.PENDING)
        .toList();
  }

  @Override
  public boolean mayRenew(SigningRequest request) {
    var review = Json.object();
    review
        .put("apiVersion", HubKinds.ACCESS_REVIEW.apiVersion())
        .put("kind", HubKinds.ACCESS_REVIEW.kind());
    var spec = review.putObject("spec");
    var sender = request.object().spec();
    spec.put("user", request.user());
    spec.put("uid", sender.path("uid").asString(""));
    request.groups().forEach(spec.putArray("groups")::add);
    if (sender.path("extra").isObject()) {
      spec.set("extra", sender.path("extra").deepCopy());
    }
    spec.putObject("resourceAttributes")
        .put("verb", "renew")
        .put("group", "register.open-cluster-management.io")
        .put("resource", "managedclusters")
        .put("subresource", "clientcertificates");
    var answer = client.create(HubKinds.ACCESS_REVIEW, ApiObject.of(review));
    return answer.status().path("allowed").asBoolean(false);
  }

  @Override
  public void approve(
      SigningRequest request,
      ManagedCluster cluster,
      @Nullable String key,
      String reason,
      String message) {
    var writes = new ArrayList<Write>();
    if (key != null) {
      writes.add(bind(cluster, key));
    }
    var approved = request.with("Approved", reason, message, host.now());
    writes.add(new Write.Update(HubKinds.SIGNING_REQUEST, approved, "approval"));
    told(request, cluster).ifPresent(writes::add);
    HubWrites.commit(client, writes);
    LOG.atInfo()
        .addKeyValue("cluster", request.cluster())
        .addKeyValue("request", request.name())
        .log("certificate request approved");
  }

  /// The event of an approval (spec §4.2); none where there is nowhere to tell of it yet.
  private Optional<Write> told(SigningRequest request, ManagedCluster cluster) {
    var name = cluster.metadata().name();
    var note =
        "managed cluster %s csr %s is auto approved by hub csr controller"
            .formatted(name, request.name());
    var object = clusters.object(cluster.key()).orElse(null);
    return object == null
        ? Optional.empty()
        : HubEvents.namespaceFor(name, namespaces::get)
            .map(place ->
                HubEvents.of(CLUSTER, object, place, "ManagedClusterCSRAutoApproved", note, now()));
  }

  @Override
  public void deny(SigningRequest request, String reason, String message) {
    var denied = request.with("Denied", reason, message, host.now());
    client.update(HubKinds.SIGNING_REQUEST, denied, "approval");
    LOG.atWarn()
        .addKeyValue("cluster", request.cluster())
        .addKeyValue("request", request.name())
        .addKeyValue("reason", reason)
        .addKeyValue("message", message)
        .log("certificate request denied");
  }

  @Override
  public void issue(
      SigningRequest request, String certificatePem, @Nullable ManagedCluster bindTo, String key) {
    var writes = new ArrayList<Write>();
    if (bindTo != null) {
      writes.add(bind(bindTo, key));
    }
    writes.add(
        new Write.Update(HubKinds.SIGNING_REQUEST, request.issued(certificatePem), "status"));
    HubWrites.commit(client, writes);
  }

  @Override
  public void spend(SigningRequest request) {
    var prefix = "system:bootstrap:";
    if (request.groups().contains(BootstrapGroups.ONCE) && request.user().startsWith(prefix)) {
      var token = BootstrapTokens.key(request.user().substring(prefix.length()));
      client.commit(List.of(new Write.Delete(HubKinds.SECRET, token, null)));
    }
  }

  @Override
  public void fail(SigningRequest request, String reason, String message) {
    var failed = request.with("Failed", reason, message, host.now());
    client.update(HubKinds.SIGNING_REQUEST, failed, "status");
    LOG.atWarn()
        .addKeyValue("request", request.name())
        .addKeyValue("message", message)
        .log("approved certificate request cannot be signed");
  }

  @Override
  public void delete(SigningRequest request) {
    client.commit(
        List.of(
            new Write.Delete(
                HubKinds.SIGNING_REQUEST, Key.of(request.name()), request.object().uid())));
  }

  @Override
  public Instant now() {
    return host.now();
  }

  /// Only onto the cluster as it was read: two requests never bind it at once.
  private static Write bind(ManagedCluster cluster, String key) {
    return new Write.Change(
        CLUSTER,
        cluster.key(),
        "",
        Patch.merge(body -> {
          var meta = body.putObject("metadata");
          meta.put("uid", cluster.metadata().uid());
          meta.put("resourceVersion", cluster.metadata().resourceVersion());
          meta.putObject("annotations").put(AgentKey.ANNOTATION, key);
        }));
  }
}
