package io.nave.apiserver.policies;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.ResourceType;
import io.nave.api.cel.CelValues;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.matching.Match;
import io.nave.apiserver.matching.RequestAuthorizer;
import io.nave.apiserver.matching.RequestFacts;
import io.nave.apiserver.policies.CompiledPolicy.Failure;
import io.nave.apiserver.policies.ValidatingAdmissionPolicy.ParamKind;
import io.nave.apiserver.policies.ValidatingAdmissionPolicyBinding.ParamRef;
import io.nave.store.StoreKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;

/// Judges what is about to be stored by the admission policies in the store, in the order of their
/// bindings' names. Thread-safe.
///
/// A policy is compiled once for each of its revisions. Nothing here loads CEL before the first
/// binding stands in the store.
public final class PolicyAdmission implements Admission {
  private static final ResourceType POLICIES = ResourceType.of(ValidatingAdmissionPolicy.class);
  private static final ResourceType BINDINGS =
      ResourceType.of(ValidatingAdmissionPolicyBinding.class);

  /// More policies than any server has; then those of deleted ones are forgotten.
  private static final int KEPT_MAX = 1_000;

  private record Kept(
      long revision, @Nullable ParamKind params, Match match, CompiledPolicy compiled) {}

  /// A policy that is asked about a request, by a binding.
  private record Due(
      ApiObject policy, Kept kept, String binding, ValidatingAdmissionPolicyBinding.Spec spec) {
    String of() {
      return "ValidatingAdmissionPolicy '" + policy.name() + "' with binding '" + binding + "'";
    }
  }

  private final Supplier<List<ResourceType>> types;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>(); // by uid

  /// @param types all that are served, for the kinds of parameters
  public PolicyAdmission(Supplier<List<ResourceType>> types) {
    this.types = types;
  }

  @Override
  public ApiObject admit(Request request) {
    return request.object();
  }

  @Override
  public void check(Request request) {
    var view = request.view();
    if (view.count(BINDINGS.resource(), "") == 0) {
      return;
    }
    var told = new Told(request);
    for (var object : view.list(BINDINGS.resource(), "")) {
      var binding = Codec.decode(object, ValidatingAdmissionPolicyBinding.class).spec();
      var policy = view.get(new StoreKey(POLICIES.resource(), "", binding.policyName()));
      if (policy.isPresent()) {
        var due = new Due(policy.get(), kept(policy.get()), object.name(), binding);
        var form = form(request, due);
        if (form != null) {
          judge(request, form, due, told);
        }
      }
    }
    told.end();
  }

  /// What all policies say of one request: a refusal waits until the last has spoken, so that what
  /// others audit and warn of is told too. One task only.
  private static final class Told {
    /// As in Kubernetes, so that one request does not fill the audit log.
    private static final int AUDITED_MAX = 50;

    private final Request request;
    private final ArrayNode audited = Json.array();
    private @Nullable ApiError refusal; // the first one's

    Told(Request request) {
      this.request = request;
    }

    void failure(Due due, Failure failure) {
      var actions = due.spec().validationActions();
      if (actions.contains("Audit") && audited.size() < AUDITED_MAX) {
        var said = audited.addObject().put("message", failure.message());
        said.put("policy", due.policy().name()).put("binding", due.binding());
        said.put("expressionIndex", failure.index());
        actions.forEach(said.putArray("validationActions")::add);
      }
      if (actions.contains("Warn")) {
        request.warn().accept("Validation failed for " + due.of() + ": " + failure.message());
      }
      if (actions.contains("Deny")) {
        deny(reason(failure), due.of() + " denied request: " + failure.message());
      }
    }

    /// A binding that cannot be followed.
    void misconfigured(Due due, String why) {
      if (!due.kept().compiled().ignores()) {
        deny(
            ApiError.Reason.INVALID,
            due.of() + " denied request: failed to configure binding: " + why);
      }
    }

    private void deny(ApiError.Reason reason, String why) {
      if (refusal == null) {
        refusal = ApiError.denied(reason, request.forms().asked(), request.object().name(), why);
      }
    }

    /// @throws ApiError when one refused
    void end() {
      if (!audited.isEmpty()) {
        request
            .options()
            .notes()
            .note("validation.policy.admission.k8s.io/validation_failure", Json.text(audited));
      }
      if (refusal != null) {
        throw refusal;
      }
    }
  }

  private Kept kept(ApiObject policy) {
    var known = kept.get(policy.uid());
    if (known == null || known.revision() != policy.revision()) {
      var spec = Codec.decode(policy, ValidatingAdmissionPolicy.class).spec();
      var constraints = spec.matchConstraints();
      if (constraints == null) {
        throw ApiError.internal("a stored policy is about nothing: " + policy.name());
      }
      known =
          new Kept(
              policy.revision(), spec.paramKind(), constraints.match(), new CompiledPolicy(spec));
      if (kept.size() > KEPT_MAX) {
        kept.clear();
      }
      kept.put(policy.uid(), known);
    }
    return known;
  }

  /// The version in which the policy looks at the request; null when it does not.
  private static @Nullable ResourceType form(Request request, Due due) {
    var form = due.kept().match().form(request).orElse(null);
    var narrowed = due.spec().matchResources();
    if (form == null || narrowed == null) {
      return form;
    }
    var match = narrowed.match();
    var within = match.named().isEmpty() ? match.around(request) : match.form(request).isPresent();
    return within ? form : null;
  }

  private void judge(Request request, ResourceType form, Due due, Told told) {
    var names = new HashMap<String, Object>();
    names.put("object", cel(RequestFacts.object(request, form)));
    names.put("oldObject", cel(RequestFacts.oldObject(request, form)));
    names.put("request", CelValues.toCel(RequestFacts.of(request, form)));
    names.put("namespaceObject", cel(Match.namespace(request)));
    RequestAuthorizer.put(request, form, names);
    for (var params : params(request, due, told)) {
      names.put("params", cel(params));
      var findings = due.kept().compiled().judge(names);
      findings
          .notes()
          .forEach((key, value) ->
              request.options().notes().note(due.policy().name() + "/" + key, value));
      findings.failures().forEach(failure -> told.failure(due, failure));
    }
  }

  private static Object cel(@Nullable ApiObject object) {
    return CelValues.toCel(object == null ? NullNode.getInstance() : object.json());
  }

  private static ApiError.Reason reason(Failure failure) {
    return switch (failure.reason()) {
      case "Unauthorized" -> ApiError.Reason.UNAUTHORIZED;
      case "Forbidden" -> ApiError.Reason.FORBIDDEN;
      case "RequestEntityTooLarge" -> ApiError.Reason.REQUEST_ENTITY_TOO_LARGE;
      default -> ApiError.Reason.INVALID;
    };
  }

  // ---- parameters

  /// What the policy is asked with, one after the other; null where it has no parameters.
  private List<@Nullable ApiObject> params(Request request, Due due, Told told) {
    var all = new ArrayList<@Nullable ApiObject>();
    var kind = due.kept().params();
    var ref = due.spec().paramRef();
    if (kind == null || ref == null) {
      all.add(null);
      return all;
    }
    var found = found(request, due, kind, ref, told);
    if (found == null) {
      return all;
    }
    all.addAll(found);
    if (all.isEmpty() && "Deny".equals(ref.parameterNotFoundAction())) {
      told.misconfigured(
          due, "no params found for policy binding with `Deny` parameterNotFoundAction");
    }
    return all;
  }

  /// Null when they cannot be looked for.
  private @Nullable List<ApiObject> found(
      Request request, Due due, ParamKind kind, ParamRef ref, Told told) {
    var type =
        types.get().stream()
            .filter(one -> one.apiVersion().equals(kind.apiVersion()))
            .filter(one -> one.kind().equals(kind.kind()))
            .findFirst();
    if (type.isEmpty()) {
      told.misconfigured(
          due,
          "failed to find resource referenced by paramKind: '"
              + kind.apiVersion()
              + ", Kind="
              + kind.kind()
              + "'");
      return null;
    }
    var inRequest = ref.namespace().isEmpty() ? request.object().namespace() : ref.namespace();
    var namespace = type.get().namespaced() ? inRequest : "";
    if (type.get().namespaced() && namespace.isEmpty()) {
      told.misconfigured(
          due,
          "cannot use namespaced paramRef in policy binding that matches cluster-scoped resources");
      return null;
    }
    var selector = ref.selector();
    if (selector == null) {
      return request.view().get(new StoreKey(type.get().resource(), namespace, ref.name())).stream()
          .toList();
    }
    return request.view().list(type.get().resource(), namespace).stream()
        .filter(object -> selector.matches(object.labels()))
        .toList();
  }
}
