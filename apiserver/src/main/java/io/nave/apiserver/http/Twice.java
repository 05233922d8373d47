package io.nave.apiserver.http;

import io.nave.api.ApiError;
import io.nave.apiserver.Api;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The fields that a body says twice, and what becomes of them by `fieldValidation`: refused,
/// warned of, or nothing.
final class Twice implements Consumer<String> {
  private final List<String> fields = new ArrayList<>();

  @Override
  public void accept(String field) {
    fields.add("duplicate field \"" + field + "\"");
  }

  /// @return what the client is told
  /// @throws ApiError BadRequest where it asked to be strict
  List<String> warnings(Call call, Api.Options options) {
    if (fields.isEmpty() || options.fieldValidation().equals("Ignore")) {
      return List.of();
    }
    if (options.fieldValidation().equals("Strict")) {
      var type = call.type();
      throw ApiError.badRequest(
          "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
              .formatted(type.kind(), type.version(), type.kind(), String.join(", ", fields)));
    }
    return List.copyOf(fields);
  }
}
