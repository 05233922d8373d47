package io.nave.apiserver.kinds;

import io.nave.api.ApiObject;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Secrets: `stringData` is folded into `data`, and the type stays what it was.
final class SecretStrategy extends DataStrategy {
  private static final String OPAQUE = "Opaque";

  @Override
  List<String> fields() {
    return List.of("data");
  }

  @Override
  boolean binary(String field) {
    return true;
  }

  @Override
  public List<String> selectableFields() {
    return List.of("type");
  }

  @Override
  public ApiObject completed(ApiObject sent) {
    return sent.edit(secret -> {
      if (secret.path("type").asString("").isEmpty()) {
        secret.put("type", OPAQUE);
      }
      fold(secret);
    });
  }

  private static void fold(ObjectNode secret) {
    var texts = secret.remove("stringData");
    if (texts == null || texts.isEmpty()) {
      return;
    }
    var data = secret.withObjectProperty("data");
    for (var entry : texts.properties()) {
      data.put(entry.getKey(), encoded(entry.getValue()));
    }
  }

  private static String encoded(JsonNode text) {
    return Base64.getEncoder().encodeToString(text.asString("").getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void validate(Request request, Faults faults) {
    super.validate(request, faults);
    SecretTypes.validate(request.object(), faults);
    var old = request.old();
    if (old != null) {
      faults.immutable(
          "type", old.at("/type").asString(""), request.object().at("/type").asString(""));
    }
  }
}
