package io.nave.bench.fleet;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What agents send, in upstream's form: built-in kinds as protobuf, OCM's kinds as JSON.
final class AgentBodies {
  static final String FINALIZER = "cluster.open-cluster-management.io/manifest-work-cleanup";
  private static final String NAME_LABEL = "open-cluster-management.io/cluster-name";
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private AgentBodies() {}

  static byte[] cluster(String name) {
    var tree =
        Json.object()
            .put("apiVersion", "cluster.open-cluster-management.io/v1")
            .put("kind", "ManagedCluster");
    tree.putObject("metadata").put("name", name);
    tree.putObject("spec").put("hubAcceptsClient", false).put("leaseDurationSeconds", 60);
    return Json.encode(tree);
  }

  static byte[] request(AgentIdentity agent) {
    var meta =
        Meta.ObjectMeta.newBuilder()
            .setGenerateName(agent.cluster() + "-")
            .putLabels(NAME_LABEL, agent.cluster());
    var spec =
        V1Certificates.CertificateSigningRequestSpec.newBuilder()
            .setRequest(ByteString.copyFromUtf8(agent.requestPem()))
            .setSignerName("kubernetes.io/kube-apiserver-client")
            .addUsages("digital signature")
            .addUsages("key encipherment")
            .addUsages("client auth");
    return framed(
        "certificates.k8s.io/v1",
        "CertificateSigningRequest",
        V1Certificates.CertificateSigningRequest.newBuilder()
            .setMetadata(meta)
            .setSpec(spec)
            .build());
  }

  /// A lease as it was read, renewed now.
  static byte[] lease(ObjectNode read, Instant now) {
    var meta = read.path("metadata");
    var message = Meta.ObjectMeta.newBuilder();
    message.setName(text(meta, "name")).setNamespace(text(meta, "namespace"));
    message.setUid(text(meta, "uid")).setResourceVersion(text(meta, "resourceVersion"));
    for (var label : meta.path("labels").properties()) {
      message.putLabels(label.getKey(), label.getValue().asString(""));
    }
    var micros = now.getNano() / 1_000 * 1_000;
    var time =
        Meta.MicroTime.newBuilder().setSeconds(now.getEpochSecond()).setNanos(micros).build();
    var spec =
        V1Coordination.LeaseSpec.newBuilder()
            .setHolderIdentity(read.path("spec").path("holderIdentity").asString(""))
            .setRenewTime(time);
    return framed(
        "coordination.k8s.io/v1",
        "Lease",
        V1Coordination.Lease.newBuilder().setMetadata(message).setSpec(spec).build());
  }

  /// The status of a cluster that is well, over the conditions that are there.
  static String joined(ObjectNode cluster, Instant now) {
    var patch = Json.object();
    identity(patch, cluster);
    var status = patch.putObject("status");
    var conditions = status.putArray("conditions");
    for (var condition : cluster.path("status").path("conditions")) {
      var type = condition.path("type").asString("");
      if (!type.equals("ManagedClusterJoined")
          && !type.equals("ManagedClusterConditionAvailable")) {
        conditions.add(condition);
      }
    }
    condition(
        conditions, "ManagedClusterJoined", "ManagedClusterJoined", "Managed cluster joined", now);
    condition(
        conditions,
        "ManagedClusterConditionAvailable",
        "ManagedClusterAvailable",
        "Managed cluster is available",
        now);
    status.putObject("version").put("kubernetes", "v1.31.0");
    for (var field : new String[] {"capacity", "allocatable"}) {
      status.putObject(field).put("cpu", "16").put("memory", "64Gi").put("pods", "330");
    }
    return Json.text(patch);
  }

  /// The finalizers of a work, with or without the agent's own.
  static String finalizers(JsonNode work, boolean ours) {
    var patch = Json.object();
    var meta = identity(patch, work);
    var list = meta.putArray("finalizers");
    for (var each : work.path("metadata").path("finalizers")) {
      if (!each.asString("").equals(FINALIZER)) {
        list.add(each);
      }
    }
    if (ours) {
      list.add(FINALIZER);
    }
    return Json.text(patch);
  }

  /// The status of a work of which everything is applied and there.
  static String applied(JsonNode work, Instant now) {
    var patch = Json.object();
    identity(patch, work);
    var generation = work.path("metadata").path("generation").asLong(0);
    var status = patch.putObject("status");
    var conditions = status.putArray("conditions");
    condition(
            conditions,
            "Applied",
            "AppliedManifestWorkComplete",
            "Apply manifest work complete",
            now)
        .put("observedGeneration", generation);
    condition(conditions, "Available", "ResourcesAvailable", "All resources are available", now)
        .put("observedGeneration", generation);
    var manifests = status.putObject("resourceStatus").putArray("manifests");
    var ordinal = 0;
    for (var manifest : work.path("spec").path("workload").path("manifests")) {
      var one = manifests.addObject();
      resourceMeta(one.putObject("resourceMeta"), manifest, ordinal++);
      var own = one.putArray("conditions");
      condition(own, "Applied", "AppliedManifestComplete", "Apply manifest complete", now);
      condition(own, "Available", "ResourceAvailable", "Resource is available", now);
    }
    return Json.text(patch);
  }

  private static void resourceMeta(ObjectNode meta, JsonNode manifest, int ordinal) {
    var apiVersion = text(manifest, "apiVersion");
    var slash = apiVersion.indexOf('/');
    var kind = text(manifest, "kind");
    meta.put("ordinal", ordinal).put("group", slash < 0 ? "" : apiVersion.substring(0, slash));
    meta.put("version", apiVersion.substring(slash + 1)).put("kind", kind);
    meta.put("resource", kind.toLowerCase(java.util.Locale.ROOT) + "s");
    meta.put("name", text(manifest.path("metadata"), "name"));
    meta.put("namespace", text(manifest.path("metadata"), "namespace"));
  }

  /// Agents change nothing that someone else has changed meanwhile (spec §10.2).
  private static ObjectNode identity(ObjectNode patch, JsonNode object) {
    var meta = object.path("metadata");
    return patch
        .putObject("metadata")
        .put("uid", text(meta, "uid"))
        .put("resourceVersion", text(meta, "resourceVersion"));
  }

  private static ObjectNode condition(
      ArrayNode list, String type, String reason, String message, Instant now) {
    return list.addObject()
        .put("type", type)
        .put("status", "True")
        .put("reason", reason)
        .put("message", message)
        .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static byte[] framed(String apiVersion, String kind, MessageLite message) {
    var unknown =
        Runtime.Unknown.newBuilder()
            .setTypeMeta(Runtime.TypeMeta.newBuilder().setApiVersion(apiVersion).setKind(kind))
            .setRaw(message.toByteString())
            .build()
            .toByteArray();
    var frame = new byte[MAGIC.length + unknown.length];
    System.arraycopy(MAGIC, 0, frame, 0, MAGIC.length);
    System.arraycopy(unknown, 0, frame, MAGIC.length, unknown.length);
    return frame;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }

  static String base64(String text) {
    return java.util.Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
