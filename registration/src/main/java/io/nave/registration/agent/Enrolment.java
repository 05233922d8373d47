package io.nave.registration.agent;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.certs.Credential;
import io.nave.controllers.ApiClient;
import io.nave.registration.api.AgentIdentity;
import io.nave.registration.api.AgentKey;
import io.nave.registration.api.ManagedCluster;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// The way in: with the bootstrap token, to a certificate of one's own (spec §3.3, §3.4).
final class Enrolment {
  private static final ResourceType CLUSTER = ResourceType.of(ManagedCluster.class);

  private final AgentSettings settings;
  private final AgentIdentity agent;
  private final KeyPair key;
  private final RequestDesk desk;
  private final Supplier<String> authority;
  private final Consumer<AgentState> tell;

  /// @param authority whom those who call the cluster's API are to trust, PEM; empty: not known
  Enrolment(
      AgentSettings settings,
      AgentIdentity agent,
      KeyPair key,
      RequestDesk desk,
      Supplier<String> authority,
      Consumer<AgentState> tell) {
    this.settings = settings;
    this.agent = agent;
    this.key = key;
    this.desk = desk;
    this.authority = authority;
    this.tell = tell;
  }

  /// Asks, and waits until the hub has answered.
  ///
  /// @param hub by the bootstrap token
  /// @throws Setback when the hub said no
  Credential enrol(ApiClient hub) {
    introduce(hub);
    var request = desk.ask(hub);
    if (desk.read(request) instanceof RequestDesk.Answer.Waiting) {
      tell.accept(new AgentState.WaitingForAcceptance(agent.cluster()));
    }
    return switch (desk.await(hub, request, () -> introduce(hub))) {
      case RequestDesk.Answer.Issued(var credential) -> credential;
      case RequestDesk.Answer.No(var why) -> throw new Setback(new AgentState.Denied(why));
      case RequestDesk.Answer.Waiting() ->
          throw new IllegalStateException("waited for an answer and got none");
    };
  }

  private void introduce(ApiClient hub) {
    var present = hub.find(CLUSTER, Key.of(agent.cluster())).orElse(null);
    if (present != null) {
      checkName(hub, present);
      return;
    }
    try {
      hub.create(CLUSTER, introduction());
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.ALREADY_EXISTS)) {
        throw e;
      }
    }
  }

  /// Does not ask again while the name is another's and the hub has said so: the answer would be
  /// the same.
  private void checkName(ApiClient hub, ApiObject present) {
    var bound = present.annotations().getOrDefault(AgentKey.ANNOTATION, "");
    if (!bound.isEmpty() && !bound.equals(AgentKey.hash(key.getPublic()))) {
      desk.denied(hub)
          .ifPresent(why -> {
            throw new Setback(new AgentState.Denied(why));
          });
    }
  }

  /// The cluster as it asks to be managed. The key's hash binds the name to this agent at once: who
  /// comes later with another key is told so, also before an administrator has looked.
  private ApiObject introduction() {
    var bare =
        ApiObject.named(CLUSTER, "", agent.cluster())
            .edit(tree -> addresses(tree, authority.get()));
    return bare.editMeta(meta -> {
      var annotations = meta.putObject("annotations");
      annotations.put(AgentKey.ANNOTATION, AgentKey.hash(key.getPublic()));
      settings.portrait().annotations().forEach(annotations::put);
      if (!settings.labels().isEmpty()) {
        settings.labels().forEach(meta.putObject("labels")::put);
      }
    });
  }

  /// Where the cluster's own API is, for those who are told so (spec §3.3).
  private void addresses(ObjectNode tree, String caPem) {
    for (var url : settings.portrait().urls()) {
      var config =
          tree.withObjectProperty("spec")
              .withArrayProperty("managedClusterClientConfigs")
              .addObject()
              .put("url", url);
      if (!caPem.isEmpty()) {
        config.put(
            "caBundle", Base64.getEncoder().encodeToString(caPem.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }
}
