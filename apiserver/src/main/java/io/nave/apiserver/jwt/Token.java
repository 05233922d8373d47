package io.nave.apiserver.jwt;

import io.nave.api.ApiError;
import io.nave.api.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One token taken apart. Nothing in it is true before [KeySet#verify] has passed it. Prints
/// nothing of itself.
///
/// @param header and claims: read only
/// @param signed what the signature is over
public record Token(ObjectNode header, ObjectNode claims, byte[] signed, byte[] signature) {
  /// Longer tokens are not looked at; upstream's have about a kilobyte.
  static final int CHARACTERS_MAX = 16 * 1024;

  /// Reads the compact form.
  ///
  /// @return empty when the text is no token
  public static Optional<Token> parse(String text) {
    var first = text.indexOf('.');
    var second = text.indexOf('.', first + 1);
    if (text.length() > CHARACTERS_MAX
        || first <= 0
        || second < 0
        || text.indexOf('.', second + 1) >= 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Token(
              object(text.substring(0, first)),
              object(text.substring(first + 1, second)),
              text.substring(0, second).getBytes(StandardCharsets.US_ASCII),
              decode(text.substring(second + 1))));
    } catch (ApiError | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static ObjectNode object(String part) {
    return Json.parseObject(decode(part));
  }

  private static byte[] decode(String part) {
    return Base64.getUrlDecoder().decode(part);
  }

  /// A claim that is a text; empty when it is absent or no text.
  public String text(String claim) {
    return claims.path(claim).isString() ? claims.path(claim).asString("") : "";
  }

  /// `aud`, which may be one text or several.
  public List<String> audiences() {
    return texts("aud");
  }

  /// A claim that is one text or a list of texts.
  public List<String> texts(String claim) {
    var found = new ArrayList<String>();
    var value = claims.path(claim);
    if (value.isString()) {
      found.add(value.asString(""));
    }
    for (var each : value) {
      if (each.isString()) {
        found.add(each.asString(""));
      }
    }
    return List.copyOf(found);
  }

  /// A claim that is a time in seconds since 1970.
  public Optional<Instant> time(String claim) {
    var value = claims.path(claim);
    if (!value.isNumber() || Math.abs(value.asDouble()) > 1e11) { // the year 5138
      return Optional.empty();
    }
    return Optional.of(Instant.ofEpochMilli((long) (value.asDouble() * 1000)));
  }

  @Override
  public String toString() {
    return "token signed with key " + header.path("kid").asString("(unnamed)");
  }
}
