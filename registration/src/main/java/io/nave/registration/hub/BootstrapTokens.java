package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.controllers.ApiClient.Write;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.BootstrapGroups;
import io.nave.registration.api.ClusterNames;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes tokens by which an agent may ask to join: bootstrap tokens as Kubernetes has them, in the
/// group that may do nothing else.
public final class BootstrapTokens {
  private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_CHARS = 6;
  private static final int SECRET_CHARS = 16; // 36^16 > 2^82
  private static final String TYPE = "bootstrap.kubernetes.io/token";

  private BootstrapTokens() {}

  /// A new token.
  ///
  /// @param token what the agent is given, `id.secret`; shown once, never logged
  /// @param secret to be created on the hub, in `kube-system`
  public record Token(String token, ApiObject secret, Instant expires) {
    @Override
    public String toString() {
      return secret.key() + " until " + expires;
    }
  }

  /// What a token is to be good for.
  ///
  /// @param lifetime positive
  /// @param cluster the only cluster it lets ask; null: any
  /// @param once it lets one cluster in, and is deleted a minute after that got its certificate
  /// @param sets clusters may join these when they ask, beside the default set; the hub needs the
  ///   roles of [#roles]
  public record Wish(Duration lifetime, @Nullable String cluster, boolean once, List<String> sets) {
    /// @throws IllegalArgumentException naming what cannot be had
    public Wish {
      if (!lifetime.isPositive()) {
        throw new IllegalArgumentException("lifetime must be positive, was " + lifetime);
      }
      var fault = cluster == null ? Optional.<String>empty() : ClusterNames.fault(cluster);
      if (fault.isPresent()) {
        throw new IllegalArgumentException("cluster name " + fault.get());
      }
      sets = List.copyOf(sets);
    }

    /// For any cluster, as often as it is asked.
    public static Wish lasting(Duration lifetime) {
      return new Wish(lifetime, null, false, List.of());
    }

    private String groups() {
      var groups = new ArrayList<>(List.of(AgentIdentity.BOOTSTRAP_GROUP));
      if (cluster != null) {
        groups.add(BootstrapGroups.only(cluster));
      }
      if (once) {
        groups.add(BootstrapGroups.ONCE);
      }
      sets.forEach(set -> groups.add(BootstrapGroups.set(set)));
      return String.join(",", groups);
    }
  }

  /// Draws a token for any cluster.
  ///
  /// @param lifetime positive
  public static Token create(Host host, Duration lifetime, String description) {
    return create(host, Wish.lasting(lifetime), description);
  }

  /// Draws a token.
  ///
  /// @param description for people
  public static Token create(Host host, Wish wish, String description) {
    var id = draw(host.secureRandom(), ID_CHARS);
    var secret = draw(host.secureRandom(), SECRET_CHARS);
    var expires = Instant.ofEpochSecond(host.now().plus(wish.lifetime()).getEpochSecond());
    var object = object(id, secret, expires, wish.groups(), description);
    return new Token(id + "." + secret, object, expires);
  }

  /// What the hub needs so that the bearers of a token may join a set: a role and its binding. The
  /// same for all tokens of the set.
  public static List<Write> roles(String set) {
    var name = BootstrapGroups.setRole(set);
    var role =
        Rules.of(HubKinds.CLUSTER_ROLE, "", name, null)
            .rule(ManagedCluster.GROUP, List.of("managedclustersets/join"), List.of("create"), set)
            .wanted();
    var binding =
        Rules.of(HubKinds.CLUSTER_ROLE_BINDING, "", name, null)
            .roleRef(name)
            .group(BootstrapGroups.set(set))
            .wanted();
    return List.of(
        new Write.Create(role.type(), role.object()),
        new Write.Create(binding.type(), binding.object()));
  }

  /// The key of a token's secret.
  public static Key key(String id) {
    return Key.of("kube-system", "bootstrap-token-" + id);
  }

  private static ApiObject object(
      String id, String secret, Instant expires, String groups, String description) {
    var key = key(id);
    return ApiObject.named(HubKinds.SECRET, key.namespace(), key.name())
        .edit(tree -> {
          tree.put("type", TYPE);
          tree.putObject("data")
              .put("token-id", base64(id))
              .put("token-secret", base64(secret))
              .put("expiration", base64(expires.toString()))
              .put("usage-bootstrap-authentication", base64("true"))
              .put("auth-extra-groups", base64(groups))
              .put("description", base64(description));
        });
  }

  /// Every character is equally likely: `nextInt` with a bound rejects the remainder.
  private static String draw(SecureRandom random, int characters) {
    var text = new StringBuilder(characters);
    for (var i = 0; i < characters; i++) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return text.toString();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
