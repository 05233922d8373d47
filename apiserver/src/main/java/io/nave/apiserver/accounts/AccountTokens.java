package io.nave.apiserver.accounts;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.apiserver.Caller;
import io.nave.apiserver.authn.TokenAuthenticator;
import io.nave.apiserver.jwt.KeySet;
import io.nave.apiserver.jwt.Token;
import io.nave.runtime.Host;
import io.nave.store.StoreKey;
import io.nave.store.View;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Tokens of service accounts: JWTs that name an account, perhaps a Secret whose life they share,
/// an end and their audiences. A token is believed while its account, and its Secret, are there
/// with the same uid. Its bearer is `system:serviceaccount:<namespace>:<name>`.
///
/// A signature is checked once a minute and token; whether the objects are still there, each time.
public final class AccountTokens implements TokenAuthenticator {
  /// What kubeadm and most clusters call themselves.
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

  /// No token lasts longer; who asks for more gets this.
  public static final Duration LIFETIME_MAX = Duration.ofDays(365);

  static final String CREDENTIAL = "authentication.kubernetes.io/credential-id";

  /// After this, an account that is going is gone, as upstream.
  private static final Duration FAREWELL = Duration.ofSeconds(60);

  private static final Duration REMEMBER = Duration.ofMinutes(1);

  /// Some 3 KB each.
  private static final int REMEMBERED_MAX = 5_000;

  private static final String PRIVATE = "kubernetes.io";

  private record Checked(KeySet by, Instant until, Token token) {}

  private final Host host;
  private final AccountKeys keys;
  private final Supplier<View> view;
  private final List<String> audiences;
  private final Map<String, Checked> remembered = new ConcurrentHashMap<>();

  /// @param view the present state
  /// @param audiences those of this server: the first one is what tokens get that ask for none
  public AccountTokens(Host host, AccountKeys keys, Supplier<View> view, List<String> audiences) {
    this.host = host;
    this.keys = keys;
    this.view = view;
    this.audiences = List.copyOf(audiences);
  }

  public AccountTokens(Host host, AccountKeys keys, Supplier<View> view) {
    this(host, keys, view, List.of(ISSUER));
  }

  AccountKeys keys() {
    return keys;
  }

  List<String> audiences() {
    return audiences;
  }

  /// The Secret of that name, to bind a token to.
  Optional<ApiObject> secret(String namespace, String name) {
    return view.get().get(new StoreKey("secrets", namespace, name));
  }

  /// A new token.
  ///
  /// @param bound whose life it shares beside the account's; null: only that
  String issue(
      ApiObject account, @Nullable ApiObject bound, List<String> wanted, Instant now, Instant end) {
    var claims = Json.object();
    wanted.forEach(claims.putArray("aud")::add);
    claims.put("exp", end.getEpochSecond()).put("iat", now.getEpochSecond());
    claims.put("iss", ISSUER).put("jti", uuid()).put("nbf", now.getEpochSecond());
    claims.put("sub", user(account.namespace(), account.name()));
    var own = claims.putObject(PRIVATE).put("namespace", account.namespace());
    reference(own.putObject("serviceaccount"), account);
    if (bound != null) {
      reference(own.putObject("secret"), bound);
    }
    return keys.signing().sign(claims, host.secureRandom());
  }

  private String uuid() {
    var random = host.secureRandom();
    var high = (random.nextLong() & ~0xF000L) | 0x4000L; // version 4
    var low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  private static void reference(ObjectNode node, ApiObject object) {
    node.put("name", object.name()).put("uid", object.uid());
  }

  static String user(String namespace, String name) {
    return "system:serviceaccount:" + namespace + ":" + name;
  }

  @Override
  public Optional<Proof> prove(String text, List<String> wanted) {
    var token = Token.parse(text).orElse(null);
    if (token == null || !token.text("iss").equals(ISSUER)) {
      return Optional.empty();
    }
    checkSignature(text, token);
    checkTime(token);
    var asked = wanted.isEmpty() ? audiences : wanted;
    var fits = token.audiences().stream().filter(asked::contains).toList();
    if (fits.isEmpty()) {
      throw ApiError.unauthorized(
          "token audiences %s is invalid for the target audiences %s"
              .formatted(token.audiences(), asked));
    }
    return Optional.of(new Proof(caller(token), fits));
  }

  private void checkSignature(String text, Token token) {
    var believed = keys.believed();
    var now = host.now();
    var hash = hash(text);
    var known = remembered.get(hash);
    if (known != null && known.by() == believed && now.isBefore(known.until())) {
      return;
    }
    if (!believed.knows(token)) {
      keys.missed();
      believed = keys.believed();
    }
    if (!believed.verify(token)) {
      throw ApiError.unauthorized(
          "the service account token is not signed by this server; request a new one");
    }
    if (remembered.size() >= REMEMBERED_MAX) {
      remembered.clear();
    }
    remembered.put(hash, new Checked(believed, now.plus(REMEMBER), token));
  }

  private static String hash(String token) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder()
          .encodeToString(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private void checkTime(Token token) {
    var now = host.now();
    var end = token.time("exp").orElse(Instant.MIN);
    if (!now.isBefore(end)) {
      throw ApiError.unauthorized(
          "service account token has expired at " + end + "; request a new one");
    }
    if (now.isBefore(token.time("nbf").orElse(Instant.MIN))) {
      throw ApiError.unauthorized("service account token is not valid yet; check the clocks");
    }
  }

  private Caller caller(Token token) {
    var own = token.claims().path(PRIVATE);
    var namespace = own.path("namespace").asString("");
    var present = view.get();
    var account = own.path("serviceaccount");
    var name = account.path("name").asString("");
    var uid = account.path("uid").asString("");
    checkThere(present, "serviceaccounts", namespace, name, uid);
    if (own.has("secret")) {
      var secret = own.path("secret");
      checkThere(
          present,
          "secrets",
          namespace,
          secret.path("name").asString(""),
          secret.path("uid").asString(""));
    }
    return new Caller(
        user(namespace, name),
        uid,
        List.of(
            "system:serviceaccounts", "system:serviceaccounts:" + namespace, Caller.AUTHENTICATED),
        Map.of(CREDENTIAL, List.of("JTI=" + token.text("jti"))));
  }

  private void checkThere(View present, String plural, String namespace, String name, String uid) {
    var found = present.get(new StoreKey(plural, namespace, name)).orElse(null);
    if (found == null || !found.uid().equals(uid)) {
      throw ApiError.unauthorized(
          "the token died with its object in " + plural + ": " + namespace + "/" + name);
    }
    var going = found.deletionTimestamp();
    if (going != null && going.plus(FAREWELL).isBefore(host.now())) {
      throw ApiError.unauthorized(
          "the token dies with its object in " + plural + ": " + namespace + "/" + name);
    }
  }
}
