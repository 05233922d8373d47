package io.nave.apiserver.admission;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.ResourceType;
import io.nave.store.StoreKey;
import java.util.List;

/// Objects live in namespaces that exist and stay; the namespaces every server has cannot go.
public final class NamespaceLifecycle implements Admission {
  private static final ResourceType NAMESPACE =
      ResourceType.of("", "v1", "Namespace", "namespaces", false);
  private static final List<String> IMMORTAL = List.of("default", "kube-public", "kube-system");

  @Override
  public ApiObject admit(Request request) {
    switch (request.operation()) {
      case CREATE -> checkPlace(request);
      case DELETE -> checkMortal(request);
      case UPDATE -> {
        // Objects of a namespace that goes are still updated: their finalizers have to come off.
      }
    }
    return request.object();
  }

  private static void checkPlace(Request request) {
    var namespace = request.object().namespace();
    if (!request.type().namespaced() || namespace.isEmpty()) {
      return;
    }
    var found =
        request
            .view()
            .get(new StoreKey(NAMESPACE.resource(), "", namespace))
            .orElseThrow(() -> ApiError.notFound(NAMESPACE, namespace));
    if (found.deleting()) {
      throw ApiError.forbidden(
          request.type(),
          request.object().name(),
          "unable to create new content in namespace "
              + namespace
              + " because it is being terminated",
          new ApiError.Cause(
              "NamespaceTerminating",
              "metadata.namespace",
              "namespace " + namespace + " is being terminated"));
    }
  }

  private static void checkMortal(Request request) {
    var name = request.object().name();
    if (request.isAbout("", NAMESPACE.plural()) && IMMORTAL.contains(name)) {
      throw ApiError.forbidden(NAMESPACE, name, "this namespace may not be deleted");
    }
  }
}
