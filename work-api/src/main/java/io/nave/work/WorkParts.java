package io.nave.work;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Cuts a template that is larger than one work may be into several works.
///
/// What others need comes first (see [ApplyOrder]), so that namespaces and definitions stand in the
/// first part. All else of the spec goes with every part. A template that fits stays as it is.
public final class WorkParts {
  /// Most parts of one template.
  public static final int PARTS_MAX = 32;

  private WorkParts() {}

  /// The specs of the parts; one, the template itself, when that fits.
  ///
  /// @param bytesMax of the manifests of one work
  public static List<JsonNode> of(JsonNode template, long bytesMax) {
    var manifests = template.path("workload").path("manifests").valueStream().toList();
    if (size(manifests) <= bytesMax) {
      return List.of(template);
    }
    var parts = new ArrayList<JsonNode>();
    var part = new ArrayList<JsonNode>();
    long bytes = 0;
    for (int i : ApplyOrder.of(manifests)) {
      var manifest = manifests.get(i);
      long size = ManifestIdentity.size(manifest);
      if (!part.isEmpty() && bytes + size > bytesMax) {
        parts.add(with(template, part));
        part.clear();
        bytes = 0;
      }
      part.add(manifest);
      bytes += size;
    }
    parts.add(with(template, part));
    return List.copyOf(parts);
  }

  /// The bytes that manifests count against the bound of one work.
  public static long size(List<JsonNode> manifests) {
    return manifests.stream().mapToLong(ManifestIdentity::size).sum();
  }

  private static JsonNode with(JsonNode template, List<JsonNode> manifests) {
    var part = (ObjectNode) template.deepCopy();
    var list = part.withObjectProperty("workload").putArray("manifests");
    manifests.forEach(list::add);
    return part;
  }
}
