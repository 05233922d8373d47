package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.certs.Credential;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.BootstrapGroups;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Looks once, from beside a running agent, at where its cluster stands with the hub: by the
/// agent's own certificate where it has one, else by the bootstrap token. Changes nothing on either
/// side.
///
/// @param cluster the agent's own cluster, where its credential may be kept
public record HubCheck(Host host, AgentSettings settings, HubDialer dialer, ApiClient cluster) {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  private static final ResourceType SELF =
      ResourceType.of(
          "authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", false);

  /// An agent writes no more than five minutes behind or ahead; the hub's own bound.
  private static final Duration CLOCK_MAX = Duration.ofMinutes(5);

  /// Where it stands.
  public AgentState look() {
    var files = new AgentFiles(host, settings, cluster);
    Credential credential = null;
    try {
      var kept = files.credential().orElse(null);
      credential = kept != null && lasts(kept) ? kept : null;
      var wrong = credential == null ? null : clock(credential);
      return wrong != null ? wrong : asked(files, credential, kept);
    } catch (RuntimeException e) {
      var state = Setback.of(e, credential == null);
      if (state == null) {
        throw e;
      }
      return state;
    }
  }

  /// One whose time is over says nothing the hub would answer.
  private boolean lasts(Credential credential) {
    return !host.now().isAfter(end(credential));
  }

  private static Instant end(Credential credential) {
    return credential.certificate().getNotAfter().toInstant();
  }

  private @Nullable AgentState clock(Credential credential) {
    var from = credential.certificate().getNotBefore().toInstant();
    return host.now().isBefore(from)
        ? new AgentState.ClockWrong(
            "the agent's certificate is valid from %s on and it is %s here; set the clock"
                .formatted(from, host.now()))
        : null;
  }

  /// @param credential shown to the hub; null: the token is
  /// @param kept the one on disk, whose time may be over
  private AgentState asked(
      AgentFiles files, @Nullable Credential credential, @Nullable Credential kept) {
    var trusted = files.trust(dialer.caPem());
    var hubDialer = trusted.isEmpty() ? dialer : dialer.trusting(trusted);
    try (var hub = hubDialer.connect(host, identity(credential))) {
      var found = hub.client().find(CLUSTER, Key.of(settings.clusterName())).orElse(null);
      if (found == null) {
        return credential == null ? unasked(hub.client()) : unknown("it was removed there");
      }
      return credential != null ? judged(found) : unanswered(hub.client(), files, found, kept);
    }
  }

  private AgentState unknown(String why) {
    return new AgentState.NoRights(
        "the hub does not know cluster " + settings.clusterName() + "; " + why);
  }

  /// Where an agent stands that has not asked to join: perhaps its token does not let it.
  private AgentState unasked(ApiClient hub) {
    var cluster = settings.clusterName();
    var set = settings.labels().getOrDefault(ManagedCluster.SET_LABEL, "");
    try {
      var me = hub.create(SELF, ApiObject.named(SELF, "", ""));
      var groups =
          me.at("/status/userInfo/groups").valueStream().map(each -> each.asString("")).toList();
      if (BootstrapGroups.forbid(groups, cluster)) {
        var only = BootstrapGroups.onlyCluster(groups).orElse("");
        return new AgentState.TokenForbids("it is for cluster %s only".formatted(only));
      }
      if (!set.isEmpty() && !mayJoin(hub, set)) {
        return new AgentState.TokenForbids("it gives no right to join cluster set " + set);
      }
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND) && !e.is(ApiError.Reason.FORBIDDEN)) {
        throw e; // else a hub that does not answer such questions
      }
    }
    return unknown("the agent has not asked");
  }

  private static boolean mayJoin(ApiClient hub, String set) {
    return OwnRights.allow(
        hub,
        new OwnRights.Right("create", ManagedCluster.GROUP, "managedclustersets", "join", set));
  }

  /// Where an agent stands that has no certificate although its cluster is known: its own request
  /// may be denied while the cluster is another agent's, and well.
  private AgentState unanswered(
      ApiClient hub, AgentFiles files, ApiObject found, @Nullable Credential kept) {
    var denied = denied(hub, files);
    if (denied.isPresent()) {
      return new AgentState.Denied(denied.get());
    }
    var state = judged(found);
    if (!(state instanceof AgentState.Joined)) {
      return state;
    }
    return kept == null
        ? new AgentState.WaitingForAcceptance(settings.clusterName())
        : new AgentState.Faulty(
            "its certificate ended at %s and it is %s here; the agent asks for a new one when it"
                    .formatted(end(kept), Instant.ofEpochSecond(host.now().getEpochSecond()))
                + " runs, if this clock is right");
  }

  private Optional<String> denied(ApiClient hub, AgentFiles files) {
    var agent = files.keptIdentity().orElse(null);
    var key = files.keptKey().orElse(null);
    return agent == null || key == null
        ? Optional.empty()
        : new RequestDesk(host, agent, key, settings.certificateLifetime(), 0).denied(hub);
  }

  private HubIdentity identity(@Nullable Credential credential) {
    if (credential != null) {
      return new HubIdentity.Certificate(credential.certificatePem(), credential.keyPem());
    }
    var token = settings.bootstrapToken();
    if (token == null) {
      throw new Setback(
          new AgentState.TokenRejected("none was given, and there is no certificate"));
    }
    return new HubIdentity.Token(token);
  }

  /// What the hub says of the cluster.
  private AgentState judged(ApiObject found) {
    var present = Codec.decode(found, ManagedCluster.class);
    var conditions = present.status().conditions();
    var accepted = Condition.find(conditions, ManagedCluster.ACCEPTED).orElse(null);
    if (!present.accepted()) {
      return accepted == null
          ? new AgentState.WaitingForAcceptance(settings.clusterName())
          : new AgentState.Denied(accepted.reason() + ": " + accepted.message());
    }
    var clock = Condition.find(conditions, ManagedCluster.CLOCK_SYNCED).orElse(null);
    if (clock != null && clock.status().equals("False")) {
      return new AgentState.ClockWrong(
          clock.message()
              + " (more than "
              + CLOCK_MAX.toMinutes()
              + " minutes; here it is "
              + Instant.ofEpochSecond(host.now().getEpochSecond())
              + ")");
    }
    return new AgentState.Joined(settings.clusterName());
  }
}
