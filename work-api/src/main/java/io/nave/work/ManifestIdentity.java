package io.nave.work;

import io.nave.api.Json;
import io.nave.api.Key;
import tools.jackson.databind.JsonNode;

/// Which object a manifest is about, as far as the manifest itself says. What is absent is empty.
public record ManifestIdentity(String apiVersion, String kind, String namespace, String name)
    implements Comparable<ManifestIdentity> {

  /// Reads the four fields of any JSON; what is no text counts as absent.
  public static ManifestIdentity of(JsonNode manifest) {
    var metadata = manifest.path("metadata");
    return new ManifestIdentity(
        text(manifest, "apiVersion"),
        text(manifest, "kind"),
        text(metadata, "namespace"),
        text(metadata, "name"));
  }

  /// The bytes a manifest counts against the bound of one work: its JSON, and the length prefixes
  /// that upstream's encoding puts around it.
  public static long size(JsonNode manifest) {
    return prefixed(prefixed(Json.encode(manifest).length));
  }

  /// The part of `apiVersion` before the slash; empty for the core group.
  public String group() {
    var slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /// The part of `apiVersion` after the slash, or all of it for the core group.
  public String version() {
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }

  public Key key() {
    return new Key(namespace, name);
  }

  /// Whether it names enough for an object to be found by it.
  public boolean complete() {
    return !apiVersion.isEmpty() && !kind.isEmpty() && !name.isEmpty();
  }

  @Override
  public int compareTo(ManifestIdentity other) {
    return toString().compareTo(other.toString());
  }

  /// As `apps/v1 Deployment shop/web`.
  @Override
  public String toString() {
    return apiVersion + " " + kind + " " + key();
  }

  private static String text(JsonNode node, String field) {
    var value = node.path(field);
    return value.isString() ? value.asString() : "";
  }

  /// One tag byte, the length as a varint of 7 bits a byte, and the bytes themselves.
  private static long prefixed(long length) {
    long varint = 1;
    for (long left = length >>> 7; left > 0; left >>>= 7) {
      varint++;
    }
    return 1 + varint + length;
  }
}
