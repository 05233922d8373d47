package io.nave.applications.definitions;

import io.nave.work.WorkDigest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Where a definition comes from, for a revision of an application to hold on to what it said.
///
/// @param manifest as somebody wrote it; not to be changed
/// @param revision the DefinitionRevision that keeps it, as `namespace/name`; empty: none does
/// @param shipped whether it comes with the program
/// @param digest of what it says; equal for equal content, however its JSON is ordered
public record Origin(
    Role role, ObjectNode manifest, String revision, boolean shipped, String digest) {
  static Origin of(Role role, ObjectNode manifest, String revision, boolean shipped) {
    return new Origin(role, manifest, revision, shipped, WorkDigest.of(manifest.path("spec")));
  }

  /// How a DefinitionRevision tells what it keeps: eight hex digits that depend on the whole spec.
  public static String hash(JsonNode spec) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest(spec.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
