package io.nave.apiserver.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.kubernetes.client.proto.IntStr.IntOrString;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Resource.Quantity;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Certificates;
import io.kubernetes.client.proto.V1Coordination;
import io.nave.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class ProtobufBodyTest {
  /// Frames as real clients sent them: kubectl 1.32, and kube-controller-manager 1.20 for the
  /// lease, the event and the delete options; client-go's own encoding by
  /// `src/test/frames/frames.go` for `event-events` and `tokenrequest-addon`. Beside each `name.pb`
  /// stands its `name.json`; `-Dgolden.update` writes it.
  static List<Path> frames() throws IOException {
    try (Stream<Path> files = Files.list(Frames.FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".pb")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("frames")
  void aRecordedFrameIsTheJsonItStandsFor(Path frame) throws IOException {
    JsonNode decoded = ProtobufBody.decode(Files.readAllBytes(frame));
    var expected = frame.resolveSibling(frame.getFileName().toString().replace(".pb", ".json"));
    if (System.getProperty("golden.update") != null) {
      var pretty = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(decoded);
      Files.writeString(expected, pretty + "\n");
    }
    assertThat(decoded).isEqualTo(Json.parse(Files.readAllBytes(expected)));
  }

  @Test
  void everyExpectationHasItsFrame() throws IOException {
    var frames = frames().stream().map(file -> file.toString().replace(".pb", ".json"));
    try (Stream<Path> files = Files.list(Frames.FOLDER)) {
      assertThat(files.map(Path::toString).filter(file -> file.endsWith(".json")))
          .containsExactlyInAnyOrderElementsOf(frames.toList());
    }
  }

  private static void reads(String apiVersion, String kind, Message message, String json) {
    var decoded = ProtobufBody.decode(Frames.of(apiVersion, kind, message));
    decoded.remove("apiVersion");
    decoded.remove("kind");
    assertThat((JsonNode) decoded).isEqualTo(Json.parse(json));
  }

  private static Meta.ObjectMeta.Builder meta() {
    return Meta.ObjectMeta.newBuilder();
  }

  @Test
  void bytesAreBase64AndMapsKeepEmptyValues() {
    var secret =
        V1.Secret.newBuilder()
            .putData("a", ByteString.copyFromUtf8("b"))
            .putData("empty", ByteString.EMPTY)
            .setImmutable(false)
            .setType("Opaque");
    reads(
        "v1",
        "Secret",
        secret.build(),
        "{\"data\":{\"a\":\"Yg==\",\"empty\":\"\"},\"immutable\":false,\"type\":\"Opaque\"}");
  }

  @Test
  void listsOfListsLoseTheirWrapper() {
    var extra = V1Certificates.ExtraValue.newBuilder().addItems("x").addItems("");
    var request =
        V1Certificates.CertificateSigningRequest.newBuilder()
            .setSpec(
                V1Certificates.CertificateSigningRequestSpec.newBuilder()
                    .putExtra("scopes", extra.build())
                    .putExtra("none", V1Certificates.ExtraValue.getDefaultInstance()));
    reads(
        "certificates.k8s.io/v1",
        "CertificateSigningRequest",
        request.build(),
        "{\"spec\":{\"extra\":{\"scopes\":[\"x\",\"\"],\"none\":[]}}}");
  }

  @Test
  void timesAreTextAndGosZeroTimeIsAbsent() {
    var zero = Meta.Time.getDefaultInstance();
    var lease =
        V1Coordination.Lease.newBuilder()
            .setMetadata(meta().setCreationTimestamp(zero).setDeletionTimestamp(time(0)))
            .setSpec(
                V1Coordination.LeaseSpec.newBuilder()
                    .setHolderIdentity("")
                    .setLeaseTransitions(0)
                    .setRenewTime(
                        Meta.MicroTime.newBuilder().setSeconds(1_800_000_000).setNanos(5_000)));
    reads(
        "coordination.k8s.io/v1",
        "Lease",
        lease.build(),
        "{\"metadata\":{\"deletionTimestamp\":\"1970-01-01T00:00:00Z\"},"
            + "\"spec\":{\"holderIdentity\":\"\",\"leaseTransitions\":0,"
            + "\"renewTime\":\"2027-01-15T08:00:00.000005Z\"}}");
  }

  private static Meta.Time time(long seconds) {
    return Meta.Time.newBuilder().setSeconds(seconds).setNanos(0).build();
  }

  @Test
  void quantitiesPortsAndInlinedSourcesAreAsInYaml() {
    var container =
        V1.Container.newBuilder()
            .setResources(
                V1.ResourceRequirements.newBuilder()
                    .putLimits("cpu", Quantity.newBuilder().setString("250m").build()))
            .setReadinessProbe(
                V1.Probe.newBuilder()
                    .setHandler(
                        V1.ProbeHandler.newBuilder()
                            .setHttpGet(
                                V1.HTTPGetAction.newBuilder()
                                    .setPort(IntOrString.newBuilder().setType(1).setStrVal("web"))))
                    .setPeriodSeconds(0)
                    .setFailureThreshold(3));
    var source = V1.ConfigMapVolumeSource.newBuilder();
    source.setLocalObjectReference(V1.LocalObjectReference.newBuilder().setName("settings"));
    var volume =
        V1.Volume.newBuilder()
            .setName("v")
            .setVolumeSource(V1.VolumeSource.newBuilder().setConfigMap(source));
    var pod =
        V1.Pod.newBuilder()
            .setSpec(
                V1.PodSpec.newBuilder()
                    .addContainers(container)
                    .addVolumes(volume)
                    .setHostNetwork(false)
                    .setTerminationGracePeriodSeconds(0));
    reads(
        "v1",
        "Pod",
        pod.build(),
        "{\"spec\":{\"containers\":[{\"resources\":{\"limits\":{\"cpu\":\"250m\"}},"
            + "\"readinessProbe\":{\"httpGet\":{\"port\":\"web\"},\"failureThreshold\":3}}],"
            + "\"terminationGracePeriodSeconds\":0,"
            + "\"volumes\":[{\"name\":\"v\",\"configMap\":{\"name\":\"settings\"}}]}}");
  }

  @Test
  void metadataKeepsWhatPointersSay() {
    var fields = ByteString.copyFromUtf8("{\"f:data\":{}}");
    var map =
        V1.ConfigMap.newBuilder()
            .setMetadata(
                meta()
                    .setName("m")
                    .setGeneration(0)
                    .addFinalizers("a/b")
                    .addOwnerReferences(
                        Meta.OwnerReference.newBuilder().setUid("u").setController(false))
                    .addManagedFields(
                        Meta.ManagedFieldsEntry.newBuilder()
                            .setFieldsV1(Meta.FieldsV1.newBuilder().setRaw(fields))));
    reads(
        "v1",
        "ConfigMap",
        map.build(),
        "{\"metadata\":{\"name\":\"m\",\"finalizers\":[\"a/b\"],"
            + "\"ownerReferences\":[{\"uid\":\"u\",\"controller\":false}],"
            + "\"managedFields\":[{\"fieldsV1\":{\"f:data\":{}}}]}}");
  }

  @Test
  void deleteOptionsBelongToEveryGroup() {
    var options =
        Meta.DeleteOptions.newBuilder()
            .setGracePeriodSeconds(0)
            .setOrphanDependents(false)
            .setPropagationPolicy("Foreground")
            .addDryRun("All");
    reads(
        "coordination.k8s.io/v1",
        "DeleteOptions",
        options.build(),
        "{\"gracePeriodSeconds\":0,\"orphanDependents\":false,"
            + "\"propagationPolicy\":\"Foreground\",\"dryRun\":[\"All\"]}");
  }

  @Test
  void fieldsOfNewerClientsAreSkipped() {
    var newer =
        UnknownFieldSet.newBuilder()
            .addField(900, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .addField(3, UnknownFieldSet.Field.newBuilder().addFixed32(7).build());
    var map =
        V1.ConfigMap.newBuilder().setMetadata(meta().setName("m").setUnknownFields(newer.build()));
    reads("v1", "ConfigMap", map.build(), "{\"metadata\":{\"name\":\"m\"}}");
  }

  @Test
  void aFieldSentTwiceIsTheLaterOneAndMessagesGrow() {
    var first = V1.ConfigMap.newBuilder().setMetadata(meta().setName("a").setNamespace("n"));
    var second = V1.ConfigMap.newBuilder().setMetadata(meta().setName("b"));
    var twice = first.build().toByteString().concat(second.build().toByteString());
    var decoded = ProtobufBody.decode(Frames.of("v1", "ConfigMap", twice));
    assertThat(decoded.path("metadata"))
        .isEqualTo(Json.parse("{\"name\":\"b\",\"namespace\":\"n\"}"));
  }

  /// What bounds the depth of recursion in [MessageReader].
  @Test
  void noMessageContainsItself() {
    for (var file : MessageTypes.FILES.values()) {
      for (var type : file.get().getMessageTypes()) {
        Frames.walk(type, List.of());
      }
    }
    assertThatThrownBy(() -> Frames.walk(com.google.protobuf.Value.getDescriptor(), List.of()))
        .hasMessageContaining("google.protobuf.Value");
  }
}
