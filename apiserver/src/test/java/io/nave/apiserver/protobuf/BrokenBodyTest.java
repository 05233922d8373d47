package io.nave.apiserver.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime.TypeMeta;
import io.kubernetes.client.proto.Runtime.Unknown;
import io.kubernetes.client.proto.V1;
import io.nave.api.ApiError;
import io.nave.api.ApiError.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bodies that no honest client sends: each is refused in words, at once.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BrokenBodyTest {
  private static final long SEED = Long.getLong("seed", 20_261_123L);
  private static final int MUTATIONS = 20_000;

  private static void refused(byte[] body, Reason reason, String... words) {
    assertThatThrownBy(() -> ProtobufBody.decode(body))
        .isInstanceOfSatisfying(
            ApiError.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(List.of(words))
                  .allMatch(e.getMessage()::contains, "in: " + e.getMessage());
            });
  }

  private static byte[] configMap(ByteString raw) {
    return Frames.of("v1", "ConfigMap", raw);
  }

  @Test
  void whatIsNoFrameIsRefused() {
    refused(new byte[0], Reason.BAD_REQUEST, "6b 38 73 00");
    refused("k8s".getBytes(StandardCharsets.UTF_8), Reason.BAD_REQUEST, "6b 38 73 00");
    refused("{\"kind\":\"Pod\"}".getBytes(StandardCharsets.UTF_8), Reason.BAD_REQUEST, "6b 38");
    refused(Frames.of(Unknown.getDefaultInstance()), Reason.BAD_REQUEST, "names no kind");
  }

  @Test
  void kindsThatAreNotBuiltInAreReadInJsonOnly() {
    var type = "cluster.open-cluster-management.io/v1";
    refused(
        Frames.of(type, "ManagedCluster", ByteString.EMPTY),
        Reason.UNSUPPORTED_MEDIA_TYPE,
        type + " ManagedCluster",
        "application/json");
    refused(Frames.of("v1", "PodSpec", ByteString.EMPTY), Reason.UNSUPPORTED_MEDIA_TYPE);
    refused(Frames.of("v1", "PodList", ByteString.EMPTY), Reason.UNSUPPORTED_MEDIA_TYPE);
    refused(Frames.of("apps/v1", "ConfigMap", ByteString.EMPTY), Reason.UNSUPPORTED_MEDIA_TYPE);
  }

  @Test
  void contentThatIsEncodedOnceMoreIsRefused() {
    var type = TypeMeta.newBuilder().setApiVersion("v1").setKind("ConfigMap");
    var frame = Unknown.newBuilder().setTypeMeta(type).setRaw(ByteString.EMPTY);
    refused(
        Frames.of(frame.setContentEncoding("gzip").build()), Reason.UNSUPPORTED_MEDIA_TYPE, "gzip");
    refused(
        Frames.of(frame.clearContentEncoding().setContentType("text/html").build()),
        Reason.UNSUPPORTED_MEDIA_TYPE,
        "text/html");
  }

  @Test
  void timesBeyondTheCalendarAreRefused() {
    for (var seconds : new long[] {Long.MIN_VALUE, 253_402_300_800L, Long.MAX_VALUE}) {
      var meta =
          Meta.ObjectMeta.newBuilder()
              .setCreationTimestamp(Meta.Time.newBuilder().setSeconds(seconds));
      var map = V1.ConfigMap.newBuilder().setMetadata(meta).build();
      refused(configMap(map.toByteString()), Reason.BAD_REQUEST, "years 1 to 9999");
    }
  }

  @Test
  void textThatIsNoUtf8IsRefused() {
    // metadata (field 1) { name (field 1): ff fe }
    var raw = ByteString.copyFrom(new byte[] {0x0a, 4, 0x0a, 2, (byte) 0xff, (byte) 0xfe});
    refused(configMap(raw), Reason.BAD_REQUEST, "v1 ConfigMap", "UTF-8");
  }

  @Test
  void whatWouldBreakTheBoundsOfJsonIsRefused() {
    var map = V1.ConfigMap.newBuilder().putData("k".repeat(1_001), "v").build();
    refused(configMap(map.toByteString()), Reason.BAD_REQUEST, "written as JSON");
    var deep = ByteString.copyFromUtf8("[".repeat(198) + "]".repeat(198));
    var entry =
        Meta.ManagedFieldsEntry.newBuilder().setFieldsV1(Meta.FieldsV1.newBuilder().setRaw(deep));
    var meta = Meta.ObjectMeta.newBuilder().addManagedFields(entry);
    var nested = V1.ConfigMap.newBuilder().setMetadata(meta).build();
    refused(configMap(nested.toByteString()), Reason.BAD_REQUEST, "written as JSON");
  }

  @Test
  void manyEmptyValuesInASmallBodyAreRefused() {
    var meta = Meta.ObjectMeta.newBuilder();
    for (var i = 0; i <= MessageReader.VALUES_MAX; i++) {
      meta.addOwnerReferences(Meta.OwnerReference.getDefaultInstance());
    }
    var map = V1.ConfigMap.newBuilder().setMetadata(meta).build();
    refused(configMap(map.toByteString()), Reason.BAD_REQUEST, "more than 250000 values");
  }

  @Test
  void groupsWithinGroupsDoNotOverflowTheStack() {
    var groups = new byte[1_000_000];
    Arrays.fill(groups, (byte) 0x7b); // field 15, group begins
    refused(configMap(ByteString.copyFrom(groups)), Reason.BAD_REQUEST, "v1 ConfigMap");
    Arrays.fill(groups, (byte) 0x7c); // field 15, group ends
    refused(configMap(ByteString.copyFrom(groups)), Reason.BAD_REQUEST, "v1 ConfigMap");
    var frame = groups.clone();
    System.arraycopy(new byte[] {'k', '8', 's', 0}, 0, frame, 0, 4);
    refused(frame, Reason.BAD_REQUEST, "frame");
  }

  @Test
  void aFrameCutShortIsRefusedOrMissesItsEnd() throws IOException {
    for (var frame : recorded()) {
      for (var length = 0; length < frame.length; length++) {
        survives(Arrays.copyOf(frame, length), "cut at " + length);
      }
      var raw = Arrays.copyOf(frame, frame.length * 2 / 3);
      refused(raw, Reason.BAD_REQUEST, "ended unexpectedly");
    }
  }

  @Test
  void noMutationOfARealFrameDoesMoreThanBeRefused() throws IOException {
    var random = new Random(SEED);
    var frames = recorded();
    for (var i = 0; i < MUTATIONS; i++) {
      var body = frames.get(random.nextInt(frames.size())).clone();
      for (var changes = 1 + random.nextInt(4); changes > 0; changes--) {
        body = mutated(body, random, frames);
      }
      survives(body, "-Dseed=" + SEED + ", mutation " + i);
    }
  }

  private static void survives(byte[] body, String what) {
    try {
      ProtobufBody.decode(body);
    } catch (ApiError e) {
      assertThat(e.reason()).as(what).isIn(Reason.BAD_REQUEST, Reason.UNSUPPORTED_MEDIA_TYPE);
      assertThat(e.getMessage()).as(what).isNotBlank();
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError(what, e);
    }
  }

  private static byte[] mutated(byte[] body, Random random, List<byte[]> frames) {
    if (body.length < 6) {
      return body;
    }
    var at = 4 + random.nextInt(body.length - 4);
    return switch (random.nextInt(5)) {
      case 0 -> {
        body[at] ^= (byte) (1 << random.nextInt(8));
        yield body;
      }
      case 1 -> {
        body[at] = (byte) random.nextInt(256);
        yield body;
      }
      case 2 -> Arrays.copyOf(body, at);
      case 3 -> spliced(body, at, at + random.nextInt(body.length - at), new byte[0]);
      default -> {
        var other = frames.get(random.nextInt(frames.size()));
        var from = random.nextInt(other.length);
        var piece = Arrays.copyOfRange(other, from, from + random.nextInt(other.length - from));
        yield spliced(body, at, at, piece);
      }
    };
  }

  /// Puts `piece` in place of what stands between two indexes.
  private static byte[] spliced(byte[] body, int from, int to, byte[] piece) {
    var next = Arrays.copyOf(body, from + piece.length + body.length - to);
    System.arraycopy(piece, 0, next, from, piece.length);
    System.arraycopy(body, to, next, from + piece.length, body.length - to);
    return next;
  }

  private static List<byte[]> recorded() throws IOException {
    var frames = new ArrayList<byte[]>();
    for (var file : ProtobufBodyTest.frames()) {
      frames.add(Files.readAllBytes(file));
    }
    assertThat(frames).hasSizeGreaterThan(10);
    return frames;
  }
}
