package io.nave.api.cel;

import dev.cel.common.types.OpaqueType;
import dev.cel.common.types.SimpleType;

/// Kubernetes' `authorizer` in CEL: asks what the one who sent a request, or a service account, may
/// do. `authorizer.group('apps').resource('deployments').namespace('x').check('create').allowed()`,
/// `authorizer.path('/healthz').check('get')`, `authorizer.serviceAccount('ns', 'name')`, and
/// `authorizer.requestResource`, which is the variable [#REQUEST_RESOURCE] here.
public final class AuthorizerCel {
  /// The variable that asks; an [Authorizer].
  public static final String AUTHORIZER = "authorizer";

  /// The variable with what the request itself is about; a [Resource]. CEL takes the dotted name
  /// for a field of [#AUTHORIZER], as there.
  public static final String REQUEST_RESOURCE = "authorizer.requestResource";

  /// What one question costs, as in Kubernetes: some 28 fit into what a request may cost.
  static final long CHECK_UNITS = 350_000;

  /// What the server does with a question. Thread-safe.
  public interface Answers {
    /// @param account namespace and name of a service account; empty: the one who sent the request
    Decision of(Account account, Question question);
  }

  /// Who is asked about; both empty: the one who sent the request.
  public record Account(String namespace, String name) {
    static final Account SENDER = new Account("", "");

    public boolean isSender() {
      return name.isEmpty();
    }
  }

  /// What is asked.
  ///
  /// @param path of what is no resource; the other fields but `verb` are then empty
  public record Question(
      String verb,
      String path,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {}

  /// @param reason for people
  public record Decision(boolean allowed, String reason) {}

  /// The value of [#AUTHORIZER].
  public record Authorizer(Answers answers, Account account) {
    public Authorizer(Answers answers) {
      this(answers, Account.SENDER);
    }

    private Authorizer of(String namespace, String name) {
      if (namespace.isEmpty() || name.isEmpty()) {
        throw new IllegalArgumentException(
            "a service account has a namespace and a name, found \"%s\" and \"%s\""
                .formatted(namespace, name));
      }
      return new Authorizer(answers, new Account(namespace, name));
    }

    private Path path(String path) {
      if (path.isEmpty()) {
        throw new IllegalArgumentException("path must not be empty");
      }
      return new Path(this, path);
    }

    private Group group(String group) {
      return new Group(this, group);
    }
  }

  private record Path(Authorizer asked, String path) {
    Decision check(String verb) {
      return asked.answers.of(asked.account, new Question(verb, path, "", "", "", "", ""));
    }
  }

  private record Group(Authorizer asked, String group) {
    Resource resource(String resource) {
      if (resource.isEmpty()) {
        throw new IllegalArgumentException("resource must not be empty");
      }
      return new Resource(asked, group, resource, "", "", "");
    }
  }

  /// The value of [#REQUEST_RESOURCE], and what leads to others.
  public record Resource(
      Authorizer asked,
      String group,
      String resource,
      String subresource,
      String namespace,
      String name) {
    private Resource withSubresource(String other) {
      return new Resource(asked, group, resource, other, namespace, name);
    }

    private Resource withNamespace(String other) {
      return new Resource(asked, group, resource, subresource, other, name);
    }

    private Resource withName(String other) {
      return new Resource(asked, group, resource, subresource, namespace, other);
    }

    /// Rules of RBAC are narrowed by no selector: who may list with one may list without it.
    private Resource withSelector(String ignored) {
      return this;
    }

    private Decision check(String verb) {
      return asked.answers.of(
          asked.account, new Question(verb, "", group, resource, subresource, namespace, name));
    }
  }

  private static final Functions.Type<String> TEXT =
      new Functions.Type<>(SimpleType.STRING, String.class);
  private static final Functions.Type<Authorizer> ASKED = type("Authorizer", Authorizer.class);
  private static final Functions.Type<Path> PATH = type("PathCheck", Path.class);
  private static final Functions.Type<Group> GROUP = type("GroupCheck", Group.class);
  private static final Functions.Type<Resource> RESOURCE = type("ResourceCheck", Resource.class);
  private static final Functions.Type<Decision> DECISION = type("Decision", Decision.class);

  private static final CelLibrary LIBRARY =
      new Functions()
          .method("path", PATH.type(), ASKED, TEXT, Authorizer::path)
          .method("group", GROUP.type(), ASKED, TEXT, Authorizer::group)
          .method(
              "serviceAccount",
              ASKED.type(),
              ASKED,
              TEXT,
              TEXT,
              all -> ((Authorizer) all[0]).of((String) all[1], (String) all[2]))
          .method("resource", RESOURCE.type(), GROUP, TEXT, Group::resource)
          .method("subresource", RESOURCE.type(), RESOURCE, TEXT, Resource::withSubresource)
          .method("namespace", RESOURCE.type(), RESOURCE, TEXT, Resource::withNamespace)
          .method("name", RESOURCE.type(), RESOURCE, TEXT, Resource::withName)
          .method("fieldSelector", RESOURCE.type(), RESOURCE, TEXT, Resource::withSelector)
          .method("labelSelector", RESOURCE.type(), RESOURCE, TEXT, Resource::withSelector)
          .method("check", DECISION.type(), RESOURCE, TEXT, Resource::check)
          .method("check", DECISION.type(), PATH, TEXT, Path::check)
          .method("allowed", SimpleType.BOOL, DECISION, Decision::allowed)
          .method("reason", SimpleType.STRING, DECISION, Decision::reason)
          // Nothing here fails to decide.
          .method("errored", SimpleType.BOOL, DECISION, _ -> false)
          .method("error", SimpleType.STRING, DECISION, _ -> "")
          .library();

  private AuthorizerCel() {}

  private static <T> Functions.Type<T> type(String name, Class<T> values) {
    return new Functions.Type<>(OpaqueType.create("kubernetes.authorization." + name), values);
  }

  /// The environment with both variables and what can be asked of them.
  public static CelEnvironment in(CelEnvironment environment) {
    return environment
        .with(LIBRARY)
        .with(AUTHORIZER, ASKED.type())
        .with(REQUEST_RESOURCE, RESOURCE.type());
  }
}
