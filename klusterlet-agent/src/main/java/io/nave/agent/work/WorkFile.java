package io.nave.agent.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.work.ManifestIdentity;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The bytes of a [SavedWork]: a line `nave-work 1 <crc32c>` (eight hex digits, over all that
/// follows the line's end), then one JSON object:
///
/// - `work`: the ManifestWork, whole;
/// - `applied`: manifests as last applied, where they differ from those of the work;
/// - `unapplied`: which manifests of the work, counted from 0, were never applied; absent: none.
final class WorkFile {
  private static final String MAGIC = "nave-work 1 ";
  private static final int HEAD_BYTES = MAGIC.length() + 8 + 1;

  private WorkFile() {}

  /// Why a file was not believed.
  static final class Damaged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Damaged(String message) {
      super(message);
    }
  }

  static byte[] encode(SavedWork saved) {
    var json = Json.object();
    json.set("work", saved.work().json());
    var current = new TreeMap<ManifestIdentity, JsonNode>();
    var unapplied = Json.array();
    var ordinal = 0;
    for (var manifest : manifests(saved.work())) {
      var identity = ManifestIdentity.of(manifest);
      current.put(identity, manifest);
      if (!saved.applied().containsKey(identity)) {
        unapplied.add(ordinal);
      }
      ordinal++;
    }
    var older = json.putArray("applied");
    saved
        .applied()
        .forEach((identity, manifest) -> {
          if (!manifest.equals(current.get(identity))) {
            older.add(manifest);
          }
        });
    if (!unapplied.isEmpty()) {
      json.set("unapplied", unapplied);
    }
    var body = Json.encode(json);
    var head = (MAGIC + "%08x\n".formatted(crc(body, 0))).getBytes(UTF_8);
    var bytes = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, bytes, head.length, body.length);
    return bytes;
  }

  /// @throws Damaged when the bytes are not what was written
  static SavedWork decode(byte[] bytes) {
    if (bytes.length < HEAD_BYTES || !new String(bytes, 0, HEAD_BYTES, UTF_8).startsWith(MAGIC)) {
      throw new Damaged("expected it to begin with \"" + MAGIC.strip() + "\"");
    }
    var said = new String(bytes, MAGIC.length(), 9, UTF_8);
    var found = "%08x\n".formatted(crc(bytes, HEAD_BYTES));
    if (!said.equals(found)) {
      throw new Damaged("its checksum is %s, expected %s".formatted(said.strip(), found.strip()));
    }
    ObjectNode json;
    try {
      json = Json.parseObject(Arrays.copyOfRange(bytes, HEAD_BYTES, bytes.length));
    } catch (ApiError e) {
      throw new Damaged(String.valueOf(e.getMessage()));
    }
    if (!(json.get("work") instanceof ObjectNode work)) {
      throw new Damaged("expected an object in \"work\"");
    }
    return saved(ApiObject.of(work), json.path("applied"), json.path("unapplied"));
  }

  /// The manifests of a work as they stand.
  static Iterable<JsonNode> manifests(ApiObject work) {
    return work.spec().path("workload").path("manifests");
  }

  private static SavedWork saved(ApiObject work, JsonNode older, JsonNode unapplied) {
    var applied = new TreeMap<ManifestIdentity, JsonNode>();
    manifests(work).forEach(m -> applied.put(ManifestIdentity.of(m), m));
    var manifests = work.spec().path("workload").path("manifests");
    unapplied.forEach(
        ordinal -> applied.remove(ManifestIdentity.of(manifests.path(ordinal.asInt(-1)))));
    older.forEach(m -> applied.put(ManifestIdentity.of(m), m));
    return new SavedWork(work, applied);
  }

  private static int crc(byte[] bytes, int from) {
    var crc = new CRC32C();
    crc.update(bytes, from, bytes.length - from);
    return (int) crc.getValue();
  }
}
