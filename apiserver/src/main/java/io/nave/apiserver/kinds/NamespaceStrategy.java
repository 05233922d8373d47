package io.nave.apiserver.kinds;

import io.nave.api.ApiObject;
import io.nave.apiserver.admission.Admission.Operation;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.apiserver.registry.NameRule;
import io.nave.apiserver.registry.Trees;
import java.util.List;

/// Namespaces are Active until they are deleted; then they are Terminating until their finalizer,
/// which only `/finalize` changes, is taken off.
final class NamespaceStrategy extends BuiltIn {
  private static final String NAME_LABEL = "kubernetes.io/metadata.name";
  private static final String FINALIZE = "finalize";

  @Override
  public boolean deletesCollections() {
    return false;
  }

  @Override
  public NameRule names() {
    return NameRule.LABEL;
  }

  @Override
  public List<String> selectableFields() {
    return List.of("status.phase");
  }

  @Override
  public List<String> subresources() {
    return List.of(FINALIZE);
  }

  @Override
  public ApiObject completed(ApiObject sent) {
    return sent.name().isEmpty() ? sent : labelled(sent);
  }

  private static ApiObject labelled(ApiObject namespace) {
    return namespace.editMeta(
        meta -> meta.withObjectProperty("labels").put(NAME_LABEL, namespace.name()));
  }

  @Override
  public ApiObject prepare(Request request) {
    var old = request.old();
    return labelled(request.object())
        .edit(tree -> {
          if (request.operation() == Operation.CREATE) {
            tree.putObject("spec").putArray("finalizers").add(Namespace.FINALIZER);
            tree.putObject("status").put("phase", "Active");
          } else if (old != null && request.subresource().isEmpty()) {
            Trees.put(tree, "spec", old.json().get("spec"));
          }
        });
  }

  @Override
  public ApiObject merge(String subresource, ApiObject old, ApiObject sent) {
    return subresource.equals(FINALIZE)
        ? old.edit(tree -> Trees.put(tree, "spec", sent.json().get("spec")))
        : super.merge(subresource, old, sent);
  }

  @Override
  public boolean held(ApiObject object) {
    return super.held(object) || !object.at("/spec/finalizers").isEmpty();
  }

  @Override
  public ApiObject leaving(ApiObject object) {
    return object.edit(tree -> tree.withObjectProperty("status").put("phase", "Terminating"));
  }
}
