package io.nave.simulation;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.api.Yaml;
import io.nave.certs.Credential;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Discovery;
import io.nave.controllers.RemoteClient;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.registration.hub.BootstrapTokens;
import io.nave.runtime.Transport;
import io.nave.runtime.sim.SimHost;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// A person with kubectl, on a machine of their own, who tries again while the hub does not answer.
///
/// Every act may be repeated: one that was carried out although its answer got lost changes nothing
/// the second time.
public final class Administrator {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);
  private static final String CORDONED = "nave.io/cordoned";
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final SimHost host;
  private final ApiClient client;
  private final Discovery kinds;

  Administrator(SimHost host, Credential login) {
    this.host = host;
    var wire = host.world().network().connect(host, SimHub.ADDRESS, login.chain());
    this.client = new RemoteClient(host, wire, "kubectl");
    this.kinds = new Discovery(host, wire);
  }

  /// The machine they sit at.
  public SimHost host() {
    return host;
  }

  /// The hub's API without patience.
  public ApiClient client() {
    return client;
  }

  /// Tries until the hub answers, and again when someone else wrote in between.
  ///
  /// @throws ApiError what the hub refuses with
  /// @throws Transport.Unreachable when it has not answered for ten minutes
  public <T> T insist(Supplier<T> act) {
    var until = host.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return act.get();
      } catch (Transport.Unreachable e) {
        if (host.nanoTime() > until) {
          throw e;
        }
      } catch (ApiError e) {
        var again = e.code() >= 500 || e.is(ApiError.Reason.CONFLICT);
        if (!again || host.nanoTime() > until) {
          throw e;
        }
      }
      host.sleep(PAUSE);
    }
  }

  /// Makes the objects of a YAML text what it says, in its order.
  public void apply(String yaml) {
    for (var document : Yaml.parseAll(yaml)) {
      var object = ApiObject.of(document);
      var type =
          insist(() -> kinds.find(object.apiVersion(), object.kind()))
              .orElseThrow(() -> new IllegalArgumentException("no kind " + object.kind()));
      var stored = insist(() -> applied(type, object));
      host.world().log("applied " + stored);
    }
  }

  private ApiObject applied(ResourceType type, ApiObject object) {
    if (client.find(type, object.key()).isPresent()) {
      return client.patch(type, object.key(), "", new Patch(Patch.Form.MERGE, object.json()));
    }
    try {
      return client.create(type, object);
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.ALREADY_EXISTS)) {
        throw e;
      }
      return client.get(type, object.key()); // the answer to an earlier try got lost
    }
  }

  /// A new bootstrap token, known to the hub.
  public String token(Duration lifetime) {
    var token = BootstrapTokens.create(host, lifetime, "simulation");
    insist(() -> applied(HubKinds.SECRET, token.secret()));
    return token.token();
  }

  /// Lets a cluster in that asked to join.
  public void accept(String cluster) {
    change(CLUSTER, Key.of(cluster), body -> body.putObject("spec").put("hubAcceptsClient", true));
    host.world().log("accepted " + cluster);
  }

  /// Keeps Placements from choosing a cluster.
  public void cordon(String cluster) {
    insist(() -> cordoned(client.get(CLUSTER, Key.of(cluster))));
    host.world().log("cordoned " + cluster);
  }

  /// Taints are a list: the present ones go along as they are, with the revision they were read at.
  private ApiObject cordoned(ApiObject cluster) {
    for (var taint : cluster.spec().path("taints")) {
      if (taint.path("key").asString("").equals(CORDONED)) {
        return cluster;
      }
    }
    return client.update(
        CLUSTER,
        cluster.edit(tree ->
            tree.withObjectProperty("spec")
                .withArrayProperty("taints")
                .addObject()
                .put("key", CORDONED)
                .put("effect", "NoSelect")),
        "");
  }

  /// Takes all taints off a cluster; the hub puts its own on again where they belong.
  public void uncordon(String cluster) {
    change(CLUSTER, Key.of(cluster), body -> body.putObject("spec").putArray("taints"));
    host.world().log("uncordoned " + cluster);
  }

  /// Deletes an object; nothing happens when there is none.
  public void delete(ResourceType type, Key key) {
    insist(() -> {
      client.find(type, key).ifPresent(found -> client.delete(type, key, found.uid()));
      return key;
    });
    host.world().log("deleted " + type.kind() + " " + key);
  }

  /// Merges a change into an object.
  public ApiObject change(ResourceType type, Key key, Consumer<ObjectNode> body) {
    return insist(() -> client.patch(type, key, "", Patch.merge(body)));
  }
}
