package io.nave.apiserver.registry;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.api.Key;
import java.util.Base64;

/// Where the next page of a list begins; opaque to clients.
///
/// @param revision of the view the list is read from
/// @param after the last key of the page before
/// @param remaining objects after that key, -1 when not counted
record ContinueToken(long revision, Key after, long remaining) {
  /// Stands for whatever is there now: the rest of a list whose state is no longer held.
  static final long PRESENT = -1;

  ContinueToken atPresent() {
    return new ContinueToken(PRESENT, after, -1);
  }

  String encode() {
    var json = Json.object().put("rv", revision).put("left", remaining);
    json.put("ns", after.namespace()).put("name", after.name());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.encode(json));
  }

  /// @throws ApiError BadRequest when it is not one of ours
  static ContinueToken decode(String text) {
    try {
      var json = Json.parseObject(Base64.getUrlDecoder().decode(text));
      var revision = json.path("rv").asLong(0);
      var name = json.path("name").asString("");
      if ((revision > 0 || revision == PRESENT) && !name.isEmpty()) {
        return new ContinueToken(
            revision, new Key(json.path("ns").asString(""), name), json.path("left").asLong(-1));
      }
    } catch (IllegalArgumentException | ApiError e) {
      throw invalid();
    }
    throw invalid();
  }

  private static ApiError invalid() {
    return ApiError.badRequest(
        "invalid continue token: continue key is not valid: take it as it is from metadata.continue of the page before");
  }
}
