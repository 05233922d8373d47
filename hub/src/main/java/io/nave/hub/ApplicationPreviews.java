package io.nave.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.Faults;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.registry.Strategy;
import io.nave.applications.ApplicationAdmission;
import io.nave.applications.ApplicationDesk;
import io.nave.applications.Preview;
import io.nave.applications.api.Application;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Questions about applications, answered and not stored, as access reviews are: `spec.application`
/// holds an Application, and `status` comes back with what it would become in each cluster.
///
/// Whoever may create `applicationpreviews` in a namespace may ask about applications of that
/// namespace. What an application refers to of the hub's own objects is shown in the answer, so
/// whoever asks must be allowed to read it, as when an application is written.
final class ApplicationPreviews implements Strategy {
  static final ResourceType TYPE =
      ResourceType.of("nave.io", "v1alpha1", "ApplicationPreview", "applicationpreviews", true);

  private final ApplicationDesk desk;
  private final ApplicationAdmission admission = ApplicationAdmission.builtIn();

  private ApplicationPreviews(ApplicationDesk desk) {
    this.desk = desk;
  }

  static ServedType served(ApplicationDesk desk) {
    return ServedType.of(TYPE, new ApplicationPreviews(desk));
  }

  @Override
  public boolean virtual() {
    return true;
  }

  @Override
  public void validate(Request request, Faults faults) {
    var asked = request.object().spec().path("application");
    if (!asked.isObject() || asked.path("metadata").path("name").asString("").isEmpty()) {
      faults.required("spec.application", "an Application with a name");
      return;
    }
    var namespace = asked.path("metadata").path("namespace").asString("");
    if (!namespace.isEmpty() && !namespace.equals(request.object().namespace())) {
      faults.invalid(
          "spec.application.metadata.namespace", namespace, "must match metadata.namespace");
    }
  }

  @Override
  public ApiObject prepare(Request request) {
    var asked = request.object().spec().path("application");
    if (!asked.isObject()) {
      return request.object(); // validate says so
    }
    var application = application(asked, request.object().namespace());
    var status = status(request, application);
    return request.object().edit(answer -> answer.set("status", status));
  }

  private static Application application(JsonNode asked, String namespace) {
    var tree = (ObjectNode) asked.deepCopy();
    tree.withObjectProperty("metadata").put("namespace", namespace);
    return Codec.decode(tree, Application.class);
  }

  private ObjectNode status(Request request, Application application) {
    var stored = new StoredInView(request.view());
    var faults = admission.check(application, stored);
    if (!faults.isEmpty()) {
      throw ApiError.invalid(
          ResourceType.of(Application.class), application.metadata().name(), faults);
    }
    admission.references(application, stored).forEach(each -> HubAdmission.readable(request, each));
    try {
      return (ObjectNode) Json.tree(desk.preview(application, stored));
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.BAD_REQUEST)) {
        throw e;
      }
      return refused(e);
    }
  }

  private static ObjectNode refused(ApiError why) {
    var preview = (ObjectNode) Json.tree(new Preview(List.of(), List.of()));
    return preview.put("refusal", String.valueOf(why.getMessage()));
  }
}
