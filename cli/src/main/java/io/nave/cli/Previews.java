package io.nave.cli;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.controllers.ApiClient;

/// Asks the hub what it would make of an application: `POST applicationpreviews`.
final class Previews {
  private static final ResourceType PREVIEW =
      ResourceType.of("nave.io", "v1alpha1", "ApplicationPreview", "applicationpreviews", true);

  private Previews() {}

  /// @throws io.nave.api.ApiError Invalid, when the application would not be admitted
  static ApiObject ask(ApiClient client, ApiObject application) {
    var question = Json.object().put("apiVersion", "nave.io/v1alpha1").put("kind", PREVIEW.kind());
    question.putObject("metadata").put("namespace", application.namespace());
    question.putObject("spec").set("application", application.json());
    return client.create(PREVIEW, ApiObject.of(question));
  }
}
