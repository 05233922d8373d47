package io.nave.apiserver.upkeep;

import io.micrometer.core.instrument.MeterRegistry;
import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.ResourceType;
import io.nave.api.Selection;
import io.nave.apiserver.accounts.AccountTokens;
import io.nave.apiserver.jwt.Token;
import io.nave.apiserver.kinds.ConfigMap;
import io.nave.apiserver.kinds.Secret;
import io.nave.controllers.ApiClient;
import io.nave.controllers.Cache;
import io.nave.controllers.Controller;
import io.nave.controllers.Outcome;
import io.nave.controllers.Reconciler;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Fills Secrets of the type `kubernetes.io/service-account-token`, as Kubernetes' token controller
/// does, for tools that read a token there: who is meant says the annotation
/// `kubernetes.io/service-account.name`.
///
/// - Reads: these Secrets (primary), their accounts, the ConfigMap with the server's authority.
/// - Writes: `data.token`, `data.namespace`, `data.ca.crt` and the account's uid as an annotation;
///   deletes a Secret whose account is not there, within half a minute.
/// - Safe to repeat: what is complete stays as it is.
///
/// A token is bound to its Secret and dies with it. It lasts as long as tokens here may; when half
/// of that is over a new one takes its place, and copies of the old one go on to their end.
final class TokenSecrets implements Reconciler, AutoCloseable {
  static final ResourceType SECRETS = ResourceType.of(Secret.class);
  static final String TYPE = "kubernetes.io/service-account-token";
  static final String ACCOUNT = "kubernetes.io/service-account.name";
  static final String ACCOUNT_UID = "kubernetes.io/service-account.uid";

  /// Where a hub publishes whom to trust.
  static final Key AUTHORITY = Key.of("kube-public", "kube-root-ca.crt");

  private static final ResourceType CONFIG_MAPS = ResourceType.of(ConfigMap.class);
  private static final String AUTHORITY_FIELD = "ca.crt";
  private static final String NAMESPACE_FIELD = "namespace";
  private static final String TOKEN_FIELD = "token";
  private static final Duration LASTING = AccountTokens.LIFETIME_MAX;

  /// There are few such Secrets, and following every account would cost more than looking.
  private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

  private final Parts parts = new Parts();
  private final Host host;
  private final ApiClient client;

  TokenSecrets(Host host, ApiClient client, MeterRegistry meters) {
    this.host = host;
    this.client = client;
    var selection = Selection.parse("", "type=" + TYPE);
    var secrets = Cache.of(host, client, new Cache.Scope(SECRETS, "", selection)).lean();
    var controller =
        new Controller(host, "service-account-token", this, Controller.Options.workers(1), meters);
    controller.follow(secrets, change -> List.of(change.key()));
    parts.open(secrets.start());
    parts.open(controller.startAfter(secrets));
  }

  /// What is to be done with one Secret.
  sealed interface Decision {
    record Leave() implements Decision {}

    /// Its account is not there.
    record Remove() implements Decision {}

    /// @param values of fields that are not what they should be
    /// @param token whether it needs a new token
    record Fill(Map<String, String> values, boolean token) implements Decision {
      public Fill {
        values = Map.copyOf(values);
      }
    }
  }

  @Override
  public Outcome reconcile(Key key) {
    var secret = client.find(SECRETS, key).orElse(null);
    if (secret == null || secret.deleting() || !secret.at("/type").asString("").equals(TYPE)) {
      return new Outcome.Settled();
    }
    var name = secret.annotations().getOrDefault(ACCOUNT, "");
    var account = client.find(DefaultAccounts.ACCOUNTS, Key.of(key.namespace(), name)).orElse(null);
    return switch (decide(secret, account, authority(), host.now())) {
      case Decision.Leave() -> new Outcome.CheckAfter(LOOK_EVERY);
      case Decision.Remove() -> remove(secret);
      case Decision.Fill fill -> fill(secret, account, fill);
    };
  }

  /// Pure.
  ///
  /// @param account of that name; null when there is none
  /// @param authority certificates in PEM; empty when the server tells none
  static Decision decide(
      ApiObject secret, @Nullable ApiObject account, String authority, Instant now) {
    var meant = secret.annotations().getOrDefault(ACCOUNT_UID, "");
    if (account == null || !(meant.isEmpty() || meant.equals(account.uid()))) {
      return new Decision.Remove();
    }
    var values = new TreeMap<String, String>();
    if (value(secret, NAMESPACE_FIELD).isEmpty()) {
      values.put(NAMESPACE_FIELD, secret.namespace());
    }
    if (!authority.isEmpty() && !value(secret, AUTHORITY_FIELD).equals(authority)) {
      values.put(AUTHORITY_FIELD, authority);
    }
    var token = wantsToken(value(secret, TOKEN_FIELD), now);
    var frozen = secret.at("/immutable").asBoolean(false);
    return frozen || (values.isEmpty() && !token && !meant.isEmpty())
        ? new Decision.Leave()
        : new Decision.Fill(values, token);
  }

  /// What is no token of this server somebody put there on purpose.
  private static boolean wantsToken(String text, Instant now) {
    return text.isEmpty()
        || Token.parse(text)
            .flatMap(token -> token.time("exp"))
            .filter(end -> now.isAfter(end.minus(LASTING.dividedBy(2))))
            .isPresent();
  }

  private Outcome remove(ApiObject secret) {
    try {
      client.delete(SECRETS, secret.key(), secret.uid());
    } catch (ApiError e) {
      if (!e.is(ApiError.Reason.NOT_FOUND) && !e.is(ApiError.Reason.CONFLICT)) {
        throw e;
      }
      // Somebody else was faster, or has put another one there.
    }
    return new Outcome.Settled();
  }

  private Outcome fill(ApiObject secret, @Nullable ApiObject account, Decision.Fill fill) {
    if (account == null) {
      throw new IllegalStateException("a Secret without an account is removed, not filled");
    }
    var values = new TreeMap<>(fill.values());
    if (fill.token()) {
      values.put(TOKEN_FIELD, token(secret, account));
    }
    var filled =
        secret.edit(tree -> {
          var data = tree.withObjectProperty("data");
          values.forEach((name, value) -> data.put(name, encoded(value)));
          tree.withObjectProperty("metadata")
              .withObjectProperty("annotations")
              .put(ACCOUNT_UID, account.uid());
        });
    client.update(SECRETS, filled, "");
    return new Outcome.CheckAfter(LOOK_EVERY);
  }

  private String token(ApiObject secret, ApiObject account) {
    var question = Json.object();
    var spec = question.putObject("spec").put("expirationSeconds", LASTING.toSeconds());
    spec.putObject("boundObjectRef")
        .put("apiVersion", "v1")
        .put("kind", "Secret")
        .put("name", secret.name())
        .put("uid", secret.uid());
    var answer =
        client.ask(DefaultAccounts.ACCOUNTS, account.key(), "token", ApiObject.of(question));
    return answer.at("/status/token").asString();
  }

  private String authority() {
    return client
        .find(CONFIG_MAPS, AUTHORITY)
        .map(map -> map.json().path("data").path(AUTHORITY_FIELD).asString(""))
        .orElse("");
  }

  private static String value(ApiObject secret, String field) {
    var text = secret.json().path("data").path(field).asString("");
    return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    parts.close();
  }
}
