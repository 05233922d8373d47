package io.nave.registration;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Api;
import io.nave.apiserver.Caller;
import io.nave.apiserver.LocalClient;
import io.nave.apiserver.admission.Admission;
import io.nave.apiserver.registry.Registry;
import io.nave.apiserver.registry.ServedType;
import io.nave.apiserver.registry.Strategy;
import io.nave.apiserver.server.InMemoryApi;
import io.nave.apiserver.upkeep.Bootstrap;
import io.nave.certs.Authority;
import io.nave.certs.Succession;
import io.nave.registration.api.ClusterProfile;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.api.ManagedClusterAddOn;
import io.nave.registration.api.ManagedClusterSet;
import io.nave.registration.api.ManagedClusterSetBinding;
import io.nave.registration.api.SigningRequest;
import io.nave.registration.hub.AgentInstaller;
import io.nave.registration.hub.BootstrapTokens;
import io.nave.registration.hub.ClusterAdmission;
import io.nave.registration.hub.HubAuthority;
import io.nave.registration.hub.RegistrationHub;
import io.nave.registration.hub.RegistrationPolicy;
import io.nave.runtime.sim.SimHost;
import io.nave.runtime.sim.SimWorld;
import io.nave.store.Store;
import io.nave.store.StoreKey;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A hub's API with registration running on it, on simulated time. What the real hub wires, here
/// without the wire.
public final class TestHub implements AutoCloseable {
  public static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  public static final Duration CERTIFICATE_LIFETIME = Duration.ofHours(2);
  public static final Duration SOON = Duration.ofSeconds(30);

  public final SimWorld world;
  public final SimHost host;
  public final Store store;
  public final Registry api;
  public final LocalClient admin;
  public final Authority authority;
  public final RegistrationPolicy policy;

  /// Replaced when the hub replaces its authority.
  public Succession succession;

  /// Of the clusters of providers; used from the next start of the controllers on.
  public @Nullable AgentInstaller installer;

  public RegistrationHub registration;
  public boolean reachable = true;

  public TestHub(long seed) {
    this(seed, RegistrationPolicy.usual().withCertificateLifetimeMax(CERTIFICATE_LIFETIME));
  }

  public TestHub(long seed, RegistrationPolicy policy) {
    this.policy = policy;
    world = new SimWorld(seed);
    host = world.host("hub");
    var kinds =
        List.of(
            ServedType.of(ManagedCluster.class),
            ServedType.of(ManagedClusterSet.class),
            ServedType.of(ManagedClusterSetBinding.class),
            ServedType.of(ClusterProfile.class),
            ServedType.of(ManagedClusterAddOn.class),
            ServedType.of(HubKinds.WORK, Strategy.PLAIN));
    var memory = InMemoryApi.open(host, kinds, List.of(TestHub::admit), Bootstrap.HUB_NAMESPACES);
    store = memory.store();
    api = memory.registry();
    admin = memory.administrator();
    authority = Authority.create(host, "nave-hub", Duration.ofDays(3650));
    succession = Succession.of(authority);
    registration = start();
  }

  private RegistrationHub start() {
    var client = as(Caller.system("registration"));
    return RegistrationHub.start(
        host, client, new Keeper(), policy, installer, new SimpleMeterRegistry());
  }

  private final class Keeper implements HubAuthority {
    @Override
    public Succession present() {
      return succession;
    }

    @Override
    public void replace(Succession next) {
      succession = next;
    }
  }

  /// Stops all controllers and starts them anew on the same store.
  public void restartControllers() {
    registration.close();
    registration = start();
  }

  public LocalClient as(Caller caller) {
    return new LocalClient(api, caller);
  }

  /// A new bootstrap token, created on the hub.
  public String token() {
    return token(BootstrapTokens.Wish.lasting(Duration.ofHours(1)));
  }

  /// As above, for what it is to be good for.
  public String token(BootstrapTokens.Wish wish) {
    var token = BootstrapTokens.create(host, wish, "test");
    admin.create(HubKinds.SECRET, token.secret());
    return token.token();
  }

  public void accept(String cluster, boolean yes) {
    admin.patch(
        CLUSTER,
        Key.of(cluster),
        "",
        Patch.merge(body -> body.putObject("spec").put("hubAcceptsClient", yes)));
  }

  public ManagedCluster cluster(String name) {
    return Codec.decode(admin.get(CLUSTER, Key.of(name)), ManagedCluster.class);
  }

  /// `Status/Reason` of a condition; empty when there is none.
  public String condition(String cluster, String type) {
    return admin
        .find(CLUSTER, Key.of(cluster))
        .map(object -> Codec.decode(object, ManagedCluster.class))
        .flatMap(c -> Condition.find(c.status().conditions(), type))
        .map(c -> c.status() + "/" + c.reason())
        .orElse("");
  }

  public boolean joined(String cluster) {
    return condition(cluster, ManagedCluster.JOINED).equals("True/ManagedClusterJoined")
        && condition(cluster, ManagedCluster.AVAILABLE).equals("True/ManagedClusterAvailable");
  }

  public List<SigningRequest> requests() {
    return admin.list(HubKinds.SIGNING_REQUEST, "", Selection.all()).items().stream()
        .map(SigningRequest::new)
        .toList();
  }

  public boolean exists(ResourceType type, Key key) {
    return admin.find(type, key).isPresent();
  }

  private static ApiObject admit(Admission.Request request) {
    if (!request.subresource().isEmpty() || request.operation() == Admission.Operation.DELETE) {
      return request.object();
    }
    var rights = rights(request);
    if (request.isAbout(CLUSTER.group(), "managedclusters")) {
      var home = request.view().get(new StoreKey("namespaces", "", request.object().name()));
      return ClusterAdmission.cluster(
          request.old(),
          request.object(),
          rights,
          home.filter(ApiObject::deleting).isPresent(),
          request.now());
    }
    if (request.isAbout(CLUSTER.group(), "managedclustersetbindings")) {
      ClusterAdmission.binding(request.old(), request.object(), rights);
    }
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
        return request.view().list(CLUSTER.resource(), "");
      }
    };
  }

  /// Runs until it holds.
  public void await(BooleanSupplier condition) {
    world.runUntil(condition, SOON);
  }

  @Override
  public void close() {
    registration.close();
    store.close();
    world.close();
  }

  /// An object from JSON with single quotes.
  public static ApiObject object(String json) {
    return ApiObject.parse(Json.encode(Json.parse(json.replace('\'', '"'))));
  }
}
