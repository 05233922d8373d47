package io.nave.hub;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Json;
import io.nave.api.Resource;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.admission.ReadRule;
import io.nave.applications.ApplicationAdmission;
import io.nave.applications.Hands;
import io.nave.applications.Reference;
import io.nave.applications.api.Application;
import io.nave.applications.api.ApplicationRevision;
import io.nave.applications.api.Workflow;
import io.nave.applications.api.WorkflowRun;
import io.nave.applications.definitions.DefinitionCheck;
import io.nave.applications.definitions.Role;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.registration.hub.AgentReads;
import io.nave.registration.hub.ClusterAdmission;
import io.nave.store.StoreKey;
import io.nave.work.ManifestWork;
import io.nave.work.ManifestWorkReplicaSet;
import io.nave.work.WorkAdmission;
import io.nave.work.WorkSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Lets the features' rules speak at the API server's door. The rules are pure and stand with their
/// features; here is only which writes they are asked about.
final class HubAdmission {
  /// Revisions of an application that are looked at for one that says the same; seldom is more
  /// kept.
  private static final int REVISIONS_LOOKED_AT = 20;

  private static final String REVISIONS = ResourceType.of(ApplicationRevision.class).resource();

  private static final String WORK_GROUP = "work.open-cluster-management.io";

  private HubAdmission() {}

  /// @param executorRequired whether a work without `spec.executor` needs a right of its own
  static List<Admission> all(boolean executorRequired) {
    var applications = ApplicationAdmission.builtIn();
    var all = new ArrayList<Admission>();
    all.add(about(ManagedCluster.class, HubAdmission::cluster));
    all.add(about(ManagedClusterSetBinding.class, HubAdmission::binding));
    all.add(about(ManifestWork.class, request -> work(request, executorRequired)));
    all.add(about(ManifestWorkReplicaSet.class, request -> replicaSet(request, executorRequired)));
    all.add(
        about(
            Application.class,
            request -> {
              agentsRights(request, executorRequired);
              return application(request, applications);
            }));
    all.add(about(Workflow.class, request -> workflow(request, applications)));
    all.add(
        about(
            WorkflowRun.class,
            request -> {
              agentsRights(request, executorRequired);
              return run(request, applications);
            }));
    for (var role : Role.values()) {
      all.add(about(role.type(), request -> definition(request, role)));
    }
    return List.copyOf(all);
  }

  /// Agents read their own certificate requests and their own cluster, and no others.
  static ReadRule readRule() {
    return new ReadRule() {
      @Override
      public Selection list(Caller caller, ResourceType type, Selection selection) {
        var fault = AgentReads.list(caller.user(), caller.groups(), type, selection);
        fault.ifPresent(text -> {
          throw ApiError.forbidden(type, "", text);
        });
        return AgentReads.shown(caller.user(), caller.groups(), type, selection);
      }

      @Override
      public void get(Caller caller, ResourceType type, ApiObject object) {
        if (!AgentReads.get(caller.user(), caller.groups(), object)) {
          throw ApiError.forbidden(
              type, object.name(), "agents may get only their own certificate requests");
        }
      }
    };
  }

  /// Asks `rule` about creates and updates of one kind, not about its subresources.
  private static Admission about(Class<? extends Resource> kind, Admission rule) {
    var type = ResourceType.of(kind);
    return request ->
        request.operation() != Admission.Operation.DELETE
                && request.subresource().isEmpty()
                && request.isAbout(type.group(), type.plural())
            ? rule.admit(request)
            : request.object();
  }

  private static ApiObject cluster(Admission.Request request) {
    var terminating =
        request
            .view()
            .get(new StoreKey("namespaces", "", request.object().name()))
            .filter(ApiObject::deleting)
            .isPresent();
    return ClusterAdmission.cluster(
        request.old(), request.object(), rights(request), terminating, request.now());
  }

  private static ApiObject binding(Admission.Request request) {
    ClusterAdmission.binding(request.old(), request.object(), rights(request));
    return request.object();
  }

  private static ClusterAdmission.Rights rights(Admission.Request request) {
    return new ClusterAdmission.Rights() {
      @Override
      public boolean may(
          String verb, String group, String resource, String subresource, String name) {
        return request.may(new Api.Attributes(verb, group, resource, subresource, "", name, ""));
      }

      @Override
      public String user() {
        return request.caller().user();
      }

      @Override
      public List<String> groups() {
        return request.caller().groups();
      }

      @Override
      public List<ApiObject> clusters() {
        return request.view().list("managedclusters." + ManagedCluster.GROUP, "");
      }
    };
  }

  private static ApiObject work(Admission.Request request, boolean executorRequired) {
    var manifests = request.object().at("/spec/workload/manifests");
    var faults = WorkAdmission.faults(manifests.valueStream().toList());
    if (!faults.isEmpty() && !same(request.old(), manifests)) {
      throw ApiError.badRequest(String.join("; ", faults));
    }
    var namespace = request.object().namespace();
    executor(request, "/spec/executor", namespace, executorRequired);
    return WorkSequence.stamp(request.old(), request.object(), request.now());
  }

  /// The hub writes the works of a set, so that whoever writes the set must be allowed what its
  /// works ask for, in every cluster.
  private static ApiObject replicaSet(Admission.Request request, boolean executorRequired) {
    executor(request, "/spec/manifestWorkTemplate/executor", "", executorRequired);
    return request.object();
  }

  /// In another's name may work only who is allowed to (spec/ocm-behaviour.md §7.1 step 3); asked
  /// when the executor is set or changed.
  private static void executor(
      Admission.Request request, String pointer, String namespace, boolean required) {
    var next = request.object().at(pointer);
    var old = request.old();
    if (old != null && old.at(pointer).equals(next)) {
      return;
    }
    var name = WorkAdmission.executorName(next, required);
    if (name.isEmpty()
        || request.may(
            new Api.Attributes(
                "execute-as", WORK_GROUP, "manifestworks", "", namespace, name, ""))) {
      return;
    }
    var account = next.at("/subject/serviceAccount");
    throw ApiError.badRequest(
        "user %s cannot manipulate the Manifestwork with executor %s/%s in namespace %s"
            .formatted(
                request.caller().user(),
                account.path("namespace").asString(""),
                account.path("name").asString(next.isObject() ? "" : "klusterlet-work-sa"),
                namespace));
  }

  /// Where works need an executor, whoever says what those of an application hold must be allowed
  /// to act as the account it names, or to do without one, in every cluster.
  private static void agentsRights(Admission.Request request, boolean executorRequired) {
    if (!executorRequired) {
      return; // the account an application names may only do less than its agents
    }
    var old = request.old();
    var next = request.object();
    var executor = ApplicationAdmission.executor(next);
    if (old != null
        && old.spec().equals(next.spec())
        && ApplicationAdmission.executor(old).equals(executor)) {
      return;
    }
    var name = WorkAdmission.executorName(executor, true);
    if (!request.may(
        new Api.Attributes("execute-as", WORK_GROUP, "manifestworks", "", "", name, ""))) {
      throw ApiError.badRequest(
          "user %s may not have works applied %s, as those of this %s are: on this hub that needs the right to execute-as manifestworks %s"
              .formatted(
                  request.caller().user(),
                  executor.isEmpty() ? "with the agents' own rights" : "in the name of " + name,
                  next.kind(),
                  name));
    }
  }

  /// What was let in before stays, so that finalizers of an object can still be taken off.
  private static boolean same(@Nullable ApiObject old, JsonNode manifests) {
    return old != null && old.at("/spec/workload/manifests").equals(manifests);
  }

  private static ApiObject application(Admission.Request request, ApplicationAdmission admission) {
    var type = ResourceType.of(Application.class);
    var asked = hands(request, type);
    var old = request.old();
    var stamped = old == null ? ApplicationAdmission.guarded(asked) : asked;
    if (old != null && isSaidAgain(old, stamped)) {
      return stamped;
    }
    var application = Codec.decode(stamped, Application.class);
    var definitions = new StoredInView(request.view());
    var faults =
        new ArrayList<>(
            published(request, stamped)
                .map(revision -> admission.check(application, definitions, revision))
                .orElseGet(() -> admission.check(application, definitions)));
    if (old != null) {
      faults.addAll(
          admission.fixed(Codec.decode(old, Application.class), application, definitions));
    }
    if (!faults.isEmpty() && !goesBack(request, stamped)) {
      throw ApiError.invalid(type, stamped.name(), faults);
    }
    admission.references(application, definitions).forEach(each -> readable(request, each));
    return stamped;
  }

  /// A version that is published anew takes up what was written since, by the definitions of today:
  /// those edits were held against older ones.
  private static boolean isSaidAgain(ApiObject old, ApiObject next) {
    return old.spec().equals(next.spec()) && isSameVersion(old, next);
  }

  private static boolean isSameVersion(ApiObject a, ApiObject b) {
    return ApplicationAdmission.publishVersion(a).equals(ApplicationAdmission.publishVersion(b));
  }

  /// The revision that is delivered whatever the application says, until it is published anew.
  private static Optional<ApplicationRevision> published(
      Admission.Request request, ApiObject next) {
    var version = ApplicationAdmission.publishVersion(next);
    var name = next.status().path("latestRevision").path("name").asString("");
    return version.isEmpty() || name.isEmpty()
        ? Optional.empty()
        : request
            .view()
            .get(new StoreKey(REVISIONS, next.namespace(), name))
            .filter(there -> isSameVersion(there, next))
            .map(there -> Codec.decode(there, ApplicationRevision.class));
  }

  /// Whether it says again what one of its revisions says: that is delivered by the definitions the
  /// revision holds, so those of today do not count.
  private static boolean goesBack(Admission.Request request, ApiObject next) {
    var latest = next.status().path("latestRevision").path("revision").asLong(0);
    for (var number = latest; number > Math.max(0, latest - REVISIONS_LOOKED_AT); number--) {
      var key = new StoreKey(REVISIONS, next.namespace(), next.name() + "-v" + number);
      var there = request.view().get(key);
      if (there.isPresent()
          && isSameVersion(there.get(), next)
          && Json.same(there.get().at("/spec/application/spec"), next.spec())) {
        return true;
      }
    }
    return false;
  }

  private static ApiObject run(Admission.Request request, ApplicationAdmission admission) {
    var type = ResourceType.of(WorkflowRun.class);
    var stamped = hands(request, type);
    var old = request.old();
    if (old == null || !old.spec().equals(stamped.spec())) {
      var run = Codec.decode(stamped, WorkflowRun.class);
      var faults = admission.check(run, new StoredInView(request.view()));
      if (!faults.isEmpty()) {
        throw ApiError.invalid(type, stamped.name(), faults);
      }
      var written = run.spec().workflowSpec();
      if (written != null) {
        admission.references(written.steps()).forEach(each -> readable(request, each));
      }
    }
    return stamped;
  }

  /// Whoever writes a Workflow says what the hub reads for it, for whoever runs it.
  private static ApiObject workflow(Admission.Request request, ApplicationAdmission admission) {
    var old = request.old();
    if (old == null || !old.json().path("steps").equals(request.object().json().path("steps"))) {
      var workflow = Codec.decode(request.object(), Workflow.class);
      admission.references(workflow.steps()).forEach(each -> readable(request, each));
    }
    return request.object();
  }

  /// Who asks something of a workflow is who is authenticated, and may be asked to have the right.
  private static ApiObject hands(Admission.Request request, ResourceType type) {
    var object = request.object();
    return Hands.stamped(
        type,
        request.old(),
        object,
        request.caller().user(),
        () ->
            request.may(
                new Api.Attributes(
                    Hands.RIGHT,
                    type.group(),
                    type.plural(),
                    "",
                    object.namespace(),
                    object.name(),
                    "")),
        request.now());
  }

  /// The hub delivers its own objects only for those who may read them.
  static void readable(Admission.Request request, Reference reference) {
    var verb = reference.name().isEmpty() ? "list" : "get";
    var namespace = request.object().namespace();
    if (!request.may(
        new Api.Attributes(
            verb, reference.group(), reference.resource(), "", namespace, reference.name(), ""))) {
      throw ApiError.forbidden(
          ResourceType.of(Application.class),
          request.object().name(),
          "user %s may not %s %s in namespace %s, which a component or a step refers to"
              .formatted(request.caller().user(), verb, reference, namespace));
    }
  }

  /// A definition that cannot be used is not stored; one that was stays until it is changed.
  private static ApiObject definition(Admission.Request request, Role role) {
    var old = request.old();
    if (old != null && old.spec().equals(request.object().spec())) {
      return request.object();
    }
    var faults = DefinitionCheck.faults(request.object().json());
    if (!faults.isEmpty()) {
      throw ApiError.invalid(ResourceType.of(role.type()), request.object().name(), faults);
    }
    return request.object();
  }
}
