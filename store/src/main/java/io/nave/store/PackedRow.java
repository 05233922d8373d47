package io.nave.store;

import io.nave.api.ApiObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// A large row of the store's file, compressed: works, clusters and applications say much that all
/// of them say. Loading keeps it as it is, so that a start neither unpacks nor copies what nobody
/// asks for.
///
/// A packed value is a 1, the number of bytes it holds (4 bytes, big-endian), and what DEFLATE
/// without a header makes of them with [#WORDS] as its dictionary. Other values are JSON or sealed
/// and so never begin with a 1. The dictionary is part of the format: another one gets another
/// first byte.
///
/// @param kept the whole value, as the file has it
record PackedRow(byte[] kept) implements ApiObject.Packed {
  /// Below, the bytes saved are not worth the time of the one writer. A quarter of a page of the
  /// file at most: a row that is packed when it outgrows this leaves a hole in its page, which
  /// SQLite does not fill; with twice as much, works of 2 KB had a page each, before and after.
  static final int SIZE_MIN = 1024;

  private static final byte FORMAT = 1;
  private static final int HEAD_BYTES = 1 + Integer.BYTES;

  /// What objects of a hub are full of; the most frequent last.
  private static final byte[] WORDS =
      ("\"ownerReferences\":[{\"blockOwnerDeletion\":true,\"controller\":true,\"labels\":{"
              + "\"open-cluster-management.io/cluster-name\":\"nave.io/application\":"
              + "\"app.oam.dev/name\":\"app.oam.dev/namespace\":\"containers\":[{\"name\":\"image\":"
              + "\"ports\":[{\"containerPort\":8080,\"protocol\":\"TCP\"}],\"replicas\":1,"
              + "\"selector\":{\"matchLabels\":{\"template\":{\"metadata\":{\"labels\":{"
              + "\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"kind\":\"Service\","
              + "\"apiVersion\":\"core.oam.dev/v1beta1\",\"kind\":\"Application\","
              + "\"components\":[{\"properties\":{\"traits\":[{\"type\":\"policies\":[{"
              + "\"apiVersion\":\"cluster.open-cluster-management.io/v1\",\"kind\":\"ManagedCluster\","
              + "\"type\":\"HubAcceptedManagedCluster\",\"reason\":\"HubClusterAdminAccepted\","
              + "\"message\":\"Accepted by hub cluster admin\",\"type\":\"ManagedClusterJoined\","
              + "\"type\":\"ManagedClusterConditionAvailable\",\"reason\":\"ManagedClusterAvailable\","
              + "\"hubAcceptsClient\":true,\"leaseDurationSeconds\":60,\"clusterClaims\":[{\"name\":"
              + "\"statusFeedback\":{\"values\":[{\"name\":\"fieldValue\":{\"type\":\"Integer\",\"integer\":"
              + "\"managedFields\":[{\"manager\":\"operation\":\"Update\",\"time\":\"2026-"
              + "\"fieldsType\":\"FieldsV1\",\"fieldsV1\":{\"f:metadata\":{\"f:annotations\":{\".\":{},"
              + "\"f:finalizers\":{\".\":{},\"v:\\\"cluster.open-cluster-management.io/manifest-work-cleanup\\\"\":{}}},"
              + "\"f:spec\":{\".\":{},\"f:workload\":{\".\":{},\"f:manifests\":{}}}}},"
              + "\"f:status\":{\"f:conditions\":{\".\":{},\"k:{\\\"type\\\":\\\"Applied\\\"}\":{\".\":{},"
              + "\"f:lastTransitionTime\":{},\"f:message\":{},\"f:observedGeneration\":{},\"f:reason\":{},"
              + "\"f:status\":{},\"f:type\":{}},\"f:resourceStatus\":{\".\":{},\"f:manifests\":{}}}},"
              + "\"subresource\":\"status\"}]},\"spec\":{\"workload\":{\"manifests\":[{"
              + "\"apiVersion\":\"work.open-cluster-management.io/v1\",\"kind\":\"ManifestWork\","
              + "\"metadata\":{\"name\":\"namespace\":\"uid\":\"creationTimestamp\":\"generation\":1,"
              + "\"annotations\":{\"work.nave.io/sequence\":\"resourceVersion\":\"finalizers\":["
              + "\"cluster.open-cluster-management.io/manifest-work-cleanup\"],"
              + "\"status\":{\"conditions\":[{\"type\":\"Applied\",\"status\":\"True\","
              + "\"reason\":\"AppliedManifestWorkComplete\",\"message\":\"Apply manifest work complete\","
              + "\"lastTransitionTime\":\"2026-\"observedGeneration\":1},{\"type\":\"Available\","
              + "\"status\":\"True\",\"reason\":\"ResourcesAvailable\","
              + "\"message\":\"All resources are available\",\"resourceStatus\":{\"manifests\":["
              + "{\"resourceMeta\":{\"ordinal\":0,\"group\":\"\",\"version\":\"v1\",\"kind\":\"Namespace\","
              + "\"resource\":\"namespaces\",\"kind\":\"ConfigMap\",\"resource\":\"configmaps\","
              + "\"name\":\"namespace\":\"\"},\"conditions\":[{\"type\":\"Applied\",\"status\":\"True\","
              + "\"reason\":\"AppliedManifestComplete\",\"message\":\"Apply manifest complete\","
              + "\"lastTransitionTime\":\"2026-\"},{\"type\":\"Available\",\"status\":\"True\","
              + "\"reason\":\"ResourceAvailable\",\"message\":\"Resource is available\"}]},")
          .getBytes(StandardCharsets.US_ASCII);

  static boolean isPacked(byte[] value) {
    return value.length > HEAD_BYTES && value[0] == FORMAT;
  }

  @Override
  public int size() {
    return ByteBuffer.wrap(kept).getInt(1);
  }

  /// @throws StoreBroken when it does not hold what it says; its checksum was right, so a program
  ///   wrote it so
  @Override
  public byte[] bytes() {
    byte[] bytes = new byte[size()];
    var inflater = new Inflater(true);
    try {
      inflater.setDictionary(WORDS);
      inflater.setInput(kept, HEAD_BYTES, kept.length - HEAD_BYTES);
      if (inflater.inflate(bytes) == bytes.length && inflater.getRemaining() == 0) {
        return bytes;
      }
    } catch (DataFormatException e) {
      throw new StoreBroken("a packed row cannot be unpacked: restore a backup", e);
    } finally {
      inflater.end();
    }
    throw new StoreBroken("a packed row holds less than it says: restore a backup");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PackedRow(var theirs) && Arrays.equals(kept, theirs);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(kept);
  }

  @Override
  public String toString() {
    return size() + " bytes packed in " + kept.length;
  }

  /// Packs what is worth it. One task uses it.
  static final class Packer implements AutoCloseable {
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    private byte[] room = new byte[64 * 1024];

    /// The value to keep: packed, or the same where that is no gain.
    byte[] pack(byte[] value) {
      if (value.length < SIZE_MIN || value[0] != '{') {
        return value;
      }
      if (room.length < value.length) {
        room = new byte[value.length];
      }
      deflater.reset();
      deflater.setDictionary(WORDS);
      deflater.setInput(value);
      deflater.finish();
      int length = deflater.deflate(room, HEAD_BYTES, value.length - HEAD_BYTES);
      if (!deflater.finished()) {
        return value; // it would be longer
      }
      ByteBuffer.wrap(room).put(FORMAT).putInt(value.length);
      return Arrays.copyOf(room, HEAD_BYTES + length);
    }

    @Override
    public void close() {
      deflater.end();
    }
  }
}
