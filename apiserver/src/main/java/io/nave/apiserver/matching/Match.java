package io.nave.apiserver.matching;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.LabelSelector;
import io.nave.api.ResourceType;
import io.nave.apiserver.admission.Admission.Operation;
import io.nave.apiserver.admission.Admission.Request;
import io.nave.store.StoreKey;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a webhook or a policy is asked about a request, and in which version of the kind.
///
/// @param named rules with the names of the objects they are about; no names: all
/// @param excluded requests that are not asked about although `named` names them
/// @param namespaces by the labels of the request's namespace; requests outside of namespaces pass
/// @param objects by the labels of the new or the old object: one of them is enough
/// @param equivalent whether a rule that names another version of the same kind counts too
public record Match(
    List<Named> named,
    List<Named> excluded,
    LabelSelector namespaces,
    LabelSelector objects,
    boolean equivalent) {
  private static final ResourceType NAMESPACE =
      ResourceType.of("", "v1", "Namespace", "namespaces", false);

  /// A rule for objects of these names; none: all.
  public record Named(MatchRule rule, List<String> names) {
    public Named {
      names = List.copyOf(names);
    }
  }

  public Match {
    named = List.copyOf(named);
    excluded = List.copyOf(excluded);
  }

  /// The version in which to ask; empty: not at all.
  public Optional<ResourceType> form(Request request) {
    if (exempt(request.type())) {
      return Optional.empty();
    }
    var form = form(named, request);
    return form.isPresent() && around(request) ? form : Optional.empty();
  }

  /// Whether everything but the rules is so: it is not excluded, and the selectors choose it.
  public boolean around(Request request) {
    return form(excluded, request).isEmpty() && inNamespace(request) && labelled(request);
  }

  /// Who could lock everybody out, and himself, must stay within reach.
  private static boolean exempt(ResourceType type) {
    return type.group().equals("admissionregistration.k8s.io");
  }

  private Optional<ResourceType> form(List<Named> rules, Request request) {
    var asked = request.forms().asked();
    if (rules.stream().anyMatch(rule -> names(rule, request, asked))) {
      return Optional.of(asked);
    }
    if (!equivalent || rules.isEmpty()) {
      return Optional.empty();
    }
    return request.forms().all().stream()
        .filter(form -> rules.stream().anyMatch(rule -> names(rule, request, form)))
        .findFirst();
  }

  private static boolean names(Named named, Request request, ResourceType form) {
    return named.rule().names(request.operation(), form, request.subresource())
        && (named.names().isEmpty() || named.names().contains(request.object().name()));
  }

  private boolean inNamespace(Request request) {
    var all = namespaces.matchLabels().isEmpty() && namespaces.matchExpressions().isEmpty();
    if (all) {
      return true;
    }
    var about = namespace(request);
    return about == null || namespaces.matches(about.labels());
  }

  /// The namespace that a request is in; of a namespace, itself; null outside of namespaces.
  ///
  /// @throws ApiError NotFound when there is none of that name
  public static @Nullable ApiObject namespace(Request request) {
    if (request.isAbout("", NAMESPACE.plural())) {
      return request.object();
    }
    var name = request.object().namespace();
    if (name.isEmpty()) {
      return null;
    }
    return request
        .view()
        .get(new StoreKey(NAMESPACE.resource(), "", name))
        .orElseThrow(() -> ApiError.notFound(NAMESPACE, name));
  }

  private boolean labelled(Request request) {
    var old = request.old();
    return (request.operation() != Operation.DELETE && objects.matches(request.object().labels()))
        || (old != null && objects.matches(old.labels()));
  }
}
