package io.nave.registration;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.Caller;
import io.nave.certs.Certificates;
import io.nave.certs.Untrusted;
import io.nave.controllers.ApiClient;
import io.nave.registration.agent.AgentSettings;
import io.nave.registration.agent.AgentState;
import io.nave.registration.agent.HubCheck;
import io.nave.registration.agent.HubConnection;
import io.nave.registration.agent.HubDialer;
import io.nave.registration.agent.HubIdentity;
import io.nave.registration.agent.RegistrationAgent;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.HubKinds;
import io.nave.runtime.Host;
import io.nave.runtime.Task;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// An agent on a host of its own, with a cluster that has two nodes. Its hub is in the same
/// process: the dialer authenticates as the front door would and leaves out the wire.
public final class TestAgent {
  public static final Path DATA = Path.of("/var/lib/nave");

  public final SimHost host;
  public final List<AgentState> states = new ArrayList<>();
  public boolean clusterWell = true;
  public @Nullable ApiClient hubClient;
  private final TestHub hub;
  private final AgentSettings settings;
  private @Nullable Task task;

  public TestAgent(TestHub hub, String hostName, String cluster, @Nullable String token) {
    this(hub, hostName, AgentSettings.of(cluster, token, DATA));
  }

  public TestAgent(TestHub hub, String hostName, AgentSettings settings) {
    this.hub = hub;
    this.host = hub.world.host(hostName);
    this.settings = settings;
  }

  public TestAgent start() {
    var listener =
        new RegistrationAgent.Listener() {
          @Override
          public void onHubClient(ApiClient client) {
            hubClient = client;
          }

          @Override
          public void onState(AgentState state) {
            host.world().log(settings.clusterName() + ": " + state.line());
            states.add(state);
          }
        };
    var agent =
        new RegistrationAgent(host, settings, new Dialer(), new Cluster(), this::version, listener);
    task = host.start("agent", agent::run);
    return this;
  }

  /// Stops the agent; its disk stays.
  public void stop() {
    task.cancel();
    hub.world.runUntil(task::ended, TestHub.SOON);
  }

  /// Looks from beside, as `nave join --status` does.
  public AgentState look(String token) {
    var own = settings.at(token, settings.dataFolder(), null);
    return new HubCheck(host, own, new Dialer(), new Cluster()).look();
  }

  public @Nullable AgentState state() {
    return states.isEmpty() ? null : states.getLast();
  }

  public boolean is(Class<? extends AgentState> kind) {
    return kind.isInstance(state());
  }

  public String file(String name) {
    return host.disk()
        .read(DATA.resolve("hub").resolve(name))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElse("");
  }

  private String version() {
    if (!clusterWell) {
      throw new Transport.Unreachable("connection refused", null);
    }
    return "v1.36.0";
  }

  private final class Dialer implements HubDialer {
    @Override
    public String hubUrl() {
      return "https://hub.example:6443";
    }

    @Override
    public Transport dial(HubIdentity identity) {
      throw new UnsupportedOperationException("there is no wire here");
    }

    @Override
    public HubConnection connect(Host from, HubIdentity identity) {
      return new HubConnection(new Checked(() -> hub.as(caller(identity))), () -> {});
    }

    private Caller caller(HubIdentity identity) {
      if (!hub.reachable) {
        throw new Transport.Unreachable("TCP: connection refused", null);
      }
      return switch (identity) {
        case HubIdentity.Token(var token) -> bearer(token);
        case HubIdentity.Certificate(var chain, _) -> certified(chain);
      };
    }

    private Caller bearer(String token) {
      var parts = token.split("\\.", 2);
      var secret =
          hub.admin
              .find(HubKinds.SECRET, Key.of("kube-system", "bootstrap-token-" + parts[0]))
              .orElseThrow(() -> ApiError.unauthorized("unknown bootstrap token " + parts[0]));
      var expires = Instant.parse(data(secret, "expiration"));
      if (!expires.isAfter(hub.host.now())) {
        throw ApiError.unauthorized("bootstrap token " + parts[0] + " expired at " + expires);
      }
      var groups = new ArrayList<>(List.of(data(secret, "auth-extra-groups").split(",")));
      groups.add(Caller.AUTHENTICATED);
      return new Caller("system:bootstrap:" + parts[0], "", groups, Map.of());
    }

    private Caller certified(String chain) {
      var certificates = Certificates.parse(chain);
      var end = certificates.getFirst().getNotAfter().toInstant();
      var returning =
          hub.host.now().isAfter(end)
              && !hub.host.now().isAfter(end.plus(hub.policy.returnWithin()));
      try {
        var at = returning ? end : hub.host.now();
        var identity = hub.succession.trust().verifyClient(certificates, at);
        if (returning) {
          return new Caller(
              identity.commonName(),
              "",
              List.of(AgentIdentity.RETURNING, Caller.AUTHENTICATED),
              Map.of());
        }
        var groups = new ArrayList<>(identity.organisations());
        groups.add(Caller.AUTHENTICATED);
        return new Caller(identity.commonName(), "", groups, Map.of());
      } catch (Untrusted e) {
        throw ApiError.unauthorized(e.getMessage());
      }
    }
  }

  private static String data(ApiObject secret, String field) {
    return new String(
        Base64.getDecoder().decode(secret.at("/data/" + field).asString("")),
        StandardCharsets.UTF_8);
  }

  /// Authenticates every call, as a server does.
  private record Checked(Supplier<ApiClient> now) implements ApiClient {
    @Override
    public ApiObject get(ResourceType type, Key key) {
      return now.get().get(type, key);
    }

    @Override
    public Listing list(ResourceType type, String namespace, Selection selection) {
      return now.get().list(type, namespace, selection);
    }

    @Override
    public ApiObject create(ResourceType type, ApiObject object) {
      return now.get().create(type, object);
    }

    @Override
    public ApiObject update(ResourceType type, ApiObject object, String subresource) {
      return now.get().update(type, object, subresource);
    }

    @Override
    public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
      return now.get().patch(type, key, subresource, patch);
    }

    @Override
    public void delete(ResourceType type, Key key, @Nullable String uid) {
      now.get().delete(type, key, uid);
    }

    @Override
    public Watch watch(
        ResourceType type, String namespace, Selection selection, String resourceVersion) {
      return now.get().watch(type, namespace, selection, resourceVersion);
    }

    @Override
    public List<Optional<ApiObject>> commit(List<Write> writes) {
      return now.get().commit(writes);
    }
  }

  /// The agent's own cluster: two nodes, one of them closed for new work, and a claim.
  private record Cluster() implements ApiClient {
    @Override
    public Listing list(ResourceType type, String namespace, Selection selection) {
      if (type.equals(HubKinds.NODE)) {
        return new Listing(List.of(node(false), node(true)), "1");
      }
      if (type.equals(HubKinds.CLUSTER_CLAIM)) {
        var claim = "{'metadata':{'name':'id.k8s.io'},'spec':{'value':'42'}}";
        return new Listing(List.of(TestHub.object(claim)), "1");
      }
      throw ApiError.noSuchPath();
    }

    private static ApiObject node(boolean closed) {
      return TestHub.object(
          ("{'spec':{'unschedulable':%s},'status':{'capacity':{'cpu':'4','memory':'16Gi'},"
                  + "'allocatable':{'cpu':'3500m','memory':'15Gi'}}}")
              .formatted(closed));
    }

    @Override
    public ApiObject get(ResourceType type, Key key) {
      throw ApiError.noSuchPath();
    }

    @Override
    public ApiObject create(ResourceType type, ApiObject object) {
      throw ApiError.noSuchPath();
    }

    @Override
    public ApiObject update(ResourceType type, ApiObject object, String subresource) {
      throw ApiError.noSuchPath();
    }

    @Override
    public ApiObject patch(ResourceType type, Key key, String subresource, Patch patch) {
      throw ApiError.noSuchPath();
    }

    @Override
    public void delete(ResourceType type, Key key, @Nullable String uid) {
      throw ApiError.noSuchPath();
    }

    @Override
    public Watch watch(
        ResourceType type, String namespace, Selection selection, String resourceVersion) {
      throw ApiError.noSuchPath();
    }

    @Override
    public List<Optional<ApiObject>> commit(List<Write> writes) {
      throw ApiError.noSuchPath();
    }
  }
}
