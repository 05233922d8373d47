package io.nave.registration.hub;

import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.certs.Certificates;
import io.nave.certs.Succession;
import io.nave.controllers.ApiClient.Write;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.registration.api.HubKinds;
import io.nave.registration.api.HubTrust;
import io.nave.runtime.Host;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Publishes whom to trust ([HubTrust]), and replaces the hub's authority when an administrator
/// asks for it by an annotation there.
///
/// Both authorities are believed from then on: agents read the new one, ask it for certificates,
/// and those that are away meanwhile are believed by the old one when they come back. Forgetting
/// the old one is a second wish of the administrator.
///
/// - Reads: the ConfigMap `kube-public/kube-root-ca.crt` (primary).
/// - Writes: its `ca.crt`; the hub's authority.
/// - Safe to repeat: an authority is named after the wish it came from, so a wish is met once.
public final class TrustReconciler implements Reconciler {
  /// Annotation: make a new authority; the value, 1 to 40 lower-case letters, digits or '-',
  /// becomes part of its name.
  public static final String ROTATE = "nave.io/rotate-authority";

  /// Annotation: believe nobody but the authority of this name any more.
  public static final String FORGET = "nave.io/forget-authorities-before";

  private static final Logger LOG = LoggerFactory.getLogger(TrustReconciler.class);
  private static final String PREFIX = "nave-hub-";
  private static final Pattern WISH = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Duration LIFETIME = Duration.ofDays(3650);

  /// The little this reconciler needs; `HubTrustWorld` serves it.
  interface World {
    Optional<ApiObject> map();

    void write(List<Write> writes);
  }

  /// What is to become of the authority.
  enum Change {
    NONE,
    ROTATE,
    FORGET
  }

  private final World world;
  private final HubAuthority authority;
  private final Host host;

  TrustReconciler(World world, HubAuthority authority, Host host) {
    this.world = world;
    this.authority = authority;
    this.host = host;
  }

  @Override
  public Outcome reconcile(Key key) {
    if (!key.equals(HubTrust.KEY)) {
      return new Outcome.Settled();
    }
    var map = world.map().orElse(null);
    var present = authority.present();
    switch (decide(map, name(present))) {
      case NONE -> {}
      case ROTATE -> replace(present.next(host, PREFIX + wish(map, ROTATE), LIFETIME));
      case FORGET -> replace(present.alone());
    }
    world.write(plan(map, map(authority.present())));
    return new Outcome.Settled();
  }

  private void replace(Succession next) {
    if (!next.equals(authority.present())) {
      authority.replace(next);
      LOG.atWarn().addKeyValue("authority", next).log("the hub's authority was replaced");
    }
  }

  /// Pure: every branch is one row of `TrustDecisionTest`.
  ///
  /// @param present name of the authority that signs now
  static Change decide(@Nullable ApiObject map, String present) {
    var rotate = wish(map, ROTATE);
    if (WISH.matcher(rotate).matches() && !present.equals(PREFIX + rotate)) {
      return Change.ROTATE;
    }
    return !wish(map, FORGET).isEmpty() && wish(map, FORGET).equals(present)
        ? Change.FORGET
        : Change.NONE;
  }

  static List<Write> plan(@Nullable ApiObject map, ApiObject published) {
    if (map == null) {
      return List.of(new Write.Create(HubKinds.CONFIG_MAP, published));
    }
    var wanted = published.json().path("data");
    if (map.deleting() || Json.same(wanted, map.json().path("data"))) {
      return List.of();
    }
    return List.of(
        new Write.Change(
            HubKinds.CONFIG_MAP,
            map.key(),
            "",
            Patch.merge(body -> {
              body.putObject("metadata").put("resourceVersion", map.resourceVersion());
              body.set("data", wanted);
            })));
  }

  private static ApiObject map(Succession succession) {
    return HubTrust.of(
        succession.trust().toPem(), Certificates.fingerprint(succession.present().certificate()));
  }

  static String name(Succession succession) {
    return Certificates.commonName(succession.present().certificate());
  }

  private static String wish(@Nullable ApiObject map, String annotation) {
    return map == null ? "" : map.annotations().getOrDefault(annotation, "");
  }
}
