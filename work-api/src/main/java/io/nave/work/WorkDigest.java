package io.nave.work;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// A fingerprint of a work's spec by which two specs are found equal without keeping either: the
/// order of fields does not count, numbers compare by value, and what generators put beside a
/// template without meaning it (`metadata.creationTimestamp`) is left out (spec/ocm-behaviour.md
/// §7.4).
public final class WorkDigest {
  private final MessageDigest sha;

  private WorkDigest() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// 32 hex digits.
  public static String of(JsonNode spec) {
    var digest = new WorkDigest();
    digest.add(spec, "");
    return HexFormat.of().formatHex(digest.sha.digest(), 0, 16);
  }

  private void add(JsonNode value, String under) {
    if (value.isObject()) {
      text("{");
      for (var name : new TreeSet<>(value.propertyNames())) {
        var field = value.path(name);
        if (field.isNull() || (under.equals("metadata") && name.equals("creationTimestamp"))) {
          continue;
        }
        text(name);
        text(":");
        add(field, name);
      }
      text("}");
    } else if (value.isArray()) {
      text("[");
      value.forEach(item -> add(item, ""));
      text("]");
    } else if (value.isNumber()) {
      text("#" + value.decimalValue().stripTrailingZeros().toPlainString());
    } else {
      text((value.isString() ? "'" : "!") + value.asString(""));
    }
  }

  private void text(String text) {
    sha.update(text.getBytes(StandardCharsets.UTF_8));
    sha.update((byte) 0);
  }
}
