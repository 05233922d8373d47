package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Codec;
import io.nave.api.Condition;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.certs.Credential;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.ManagedCluster;
import io.nave.runtime.Host;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Looks once, from beside a running agent, at where its cluster stands with the hub: by the
/// agent's own certificate where it has one, else by the bootstrap token. Changes nothing on either
/// side.
///
/// @param cluster the agent's own cluster, where its credential may be kept
public record HubCheck(Host host, AgentSettings settings, HubDialer dialer, ApiClient cluster) {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  /// An agent writes no more than five minutes behind or ahead; the hub's own bound.
  private static final Duration CLOCK_MAX = Duration.ofMinutes(5);

  /// Where it stands.
  public AgentState look() {
    var files = new AgentFiles(host, settings, cluster);
    var credential = files.credential().filter(this::lasts).orElse(null);
    try {
      var wrong = credential == null ? null : clock(credential);
      return wrong != null ? wrong : asked(files, credential);
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
    return !host.now().isAfter(credential.certificate().getNotAfter().toInstant());
  }

  private @Nullable AgentState clock(Credential credential) {
    var from = credential.certificate().getNotBefore().toInstant();
    return host.now().isBefore(from)
        ? new AgentState.ClockWrong(
            "the agent's certificate is valid from %s on and it is %s here; set the clock"
                .formatted(from, host.now()))
        : null;
  }

  private AgentState asked(AgentFiles files, @Nullable Credential credential) {
    var trusted = files.trust(dialer.caPem());
    var hubDialer = trusted.isEmpty() ? dialer : dialer.trusting(trusted);
    try (var hub = hubDialer.connect(host, identity(credential))) {
      var found = hub.client().get(CLUSTER, Key.of(settings.clusterName()));
      return judged(found, credential != null);
    } catch (ApiError e) {
      if (e.is(ApiError.Reason.NOT_FOUND)) {
        return new AgentState.NoRights(
            "the hub does not know cluster "
                + settings.clusterName()
                + "; the agent has not asked");
      }
      throw e;
    }
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

  private AgentState judged(ApiObject found, boolean certified) {
    var present = Codec.decode(found, ManagedCluster.class);
    var conditions = present.status().conditions();
    var accepted = Condition.find(conditions, ManagedCluster.ACCEPTED).orElse(null);
    if (!present.accepted() && accepted != null) {
      return new AgentState.Denied(accepted.reason() + ": " + accepted.message());
    }
    if (!present.accepted() || !certified) {
      return new AgentState.WaitingForAcceptance(settings.clusterName());
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
