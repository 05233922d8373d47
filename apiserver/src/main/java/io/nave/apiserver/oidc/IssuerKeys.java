package io.nave.apiserver.oidc;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.apiserver.jwt.KeySet;
import io.nave.apiserver.jwt.Token;
import io.nave.apiserver.outbound.Calls;
import io.nave.runtime.Host;
import io.nave.runtime.Monitor;
import io.nave.runtime.Transport;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// The keys of one issuer: fetched when first needed, again every hour, and when a token names a
/// key they lack (but not more often than every ten seconds, so that made-up names cost the issuer
/// nothing). One task fetches at a time. While the issuer cannot be reached, the keys it had are
/// believed on.
final class IssuerKeys {
  private static final Logger LOG = LoggerFactory.getLogger(IssuerKeys.class);

  private static final Duration FETCH_AT_MOST = Duration.ofSeconds(10);
  private static final Duration FRESH = Duration.ofHours(1);
  private static final Duration BETWEEN = Duration.ofSeconds(10);

  private final Host host;
  private final Calls calls;
  private final OidcSettings settings;
  private final Monitor monitor;
  private boolean fetching; // under monitor
  private boolean tried; // under monitor
  private long triedNanos; // under monitor
  private @Nullable KeySet held; // under monitor
  private long heldNanos; // under monitor

  IssuerKeys(Host host, Calls calls, OidcSettings settings) {
    this.host = host;
    this.calls = calls;
    this.settings = settings;
    this.monitor = host.monitor();
  }

  /// The keys, with the one the token names if the issuer has it.
  ///
  /// @throws ApiError Unauthorized when the issuer was never reached
  KeySet forToken(Token token) {
    var present = present(token);
    if (present != null) {
      return present;
    }
    try {
      var fresh = fetch();
      done(fresh);
      return fresh;
    } catch (ApiError | Transport.Unreachable e) {
      LOG.atWarn()
          .addKeyValue("issuer", settings.issuerUrl())
          .addKeyValue("reason", e.getMessage())
          .log("the keys of the OIDC issuer cannot be fetched");
      return kept(e);
    } finally {
      try (var _ = monitor.lock()) {
        fetching = false;
        monitor.signalAll();
      }
    }
  }

  /// The keys held, where they will do or may not be fetched now; null: the caller fetches.
  private @Nullable KeySet present(Token token) {
    try (var _ = monitor.lock()) {
      while (fetching && held == null) {
        monitor.await(FETCH_AT_MOST);
      }
      var now = host.nanoTime();
      var known = held;
      var soon = tried && now - triedNanos < BETWEEN.toNanos();
      if (known != null
          && (fetching || soon || (known.knows(token) && now - heldNanos < FRESH.toNanos()))) {
        return known;
      }
      if (known == null && soon) {
        throw unreachable("it was not a moment ago; try again");
      }
      fetching = true;
      tried = true;
      triedNanos = now;
      return null;
    }
  }

  private void done(KeySet fresh) {
    try (var _ = monitor.lock()) {
      held = fresh;
      heldNanos = host.nanoTime();
    }
  }

  private KeySet kept(RuntimeException why) {
    try (var _ = monitor.lock()) {
      var known = held;
      if (known == null) {
        throw unreachable(Objects.requireNonNullElse(why.getMessage(), why.toString()));
      }
      return known;
    }
  }

  private ApiError unreachable(String why) {
    return ApiError.unauthorized(
        "the OIDC issuer " + settings.issuerUrl() + " cannot be reached: " + why);
  }

  private KeySet fetch() {
    var base = settings.issuerUrl().replaceAll("/+$", "");
    var configuration = get(base + "/.well-known/openid-configuration");
    var issuer = configuration.path("issuer").asString("");
    if (!issuer.equals(settings.issuerUrl())) {
      throw ApiError.badRequest(
          "it calls itself \"%s\", expected \"%s\"".formatted(issuer, settings.issuerUrl()));
    }
    var keys = KeySet.read(get(configuration.path("jwks_uri").asString("")));
    if (keys.isEmpty()) {
      throw ApiError.badRequest("its key set holds no RSA or EC key");
    }
    return keys;
  }

  private JsonNode get(String url) {
    var answer = calls.send("GET", url, settings.caPem(), new byte[0], FETCH_AT_MOST);
    if (answer.status() != 200) {
      throw ApiError.badRequest(url + " answered " + answer.status());
    }
    return Json.parse(answer.body());
  }
}
