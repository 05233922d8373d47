package io.nave.registration.api;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.certs.CertificateRequest;
import io.nave.certs.Usage;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A `CertificateSigningRequest` as registration reads it.
public record SigningRequest(ApiObject object) {
  /// The signer of client certificates.
  public static final String CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

  /// What an agent's certificate is for; exactly this.
  public static final List<String> AGENT_USAGES =
      List.of(
          Usage.DIGITAL_SIGNATURE.text(), Usage.KEY_ENCIPHERMENT.text(), Usage.CLIENT_AUTH.text());

  private static final String ADDON_LABEL = "open-cluster-management.io/addon-name";

  /// By age, the oldest first; the same order on every run.
  public static final Comparator<SigningRequest> BY_AGE =
      Comparator.comparing((SigningRequest request) -> request.createdAt())
          .thenComparingLong(request -> request.object().revision())
          .thenComparing(SigningRequest::name);

  /// What was decided so far.
  public enum State {
    PENDING,
    APPROVED,
    DENIED,
    /// The signer cannot sign it.
    FAILED
  }

  /// A new request of an agent, as upstream's agents write it (spec §3.4).
  public static ApiObject of(AgentIdentity agent, CertificateRequest request) {
    var object = ApiObject.named(HubKinds.SIGNING_REQUEST, "", "");
    return object.edit(tree -> {
      var meta = tree.withObjectProperty("metadata");
      meta.remove("name");
      meta.put("generateName", agent.cluster() + "-");
      meta.putObject("labels").put(ManagedCluster.NAME_LABEL, agent.cluster());
      var spec = tree.putObject("spec");
      spec.put("signerName", CLIENT_SIGNER);
      AGENT_USAGES.forEach(spec.putArray("usages")::add);
      spec.put("request", base64(request.toPem()));
    });
  }

  public String name() {
    return object.name();
  }

  /// The cluster its label names; empty when it has no such label.
  public String cluster() {
    return object.labels().getOrDefault(ManagedCluster.NAME_LABEL, "");
  }

  /// Whether it is about an add-on, not about the agent itself.
  public boolean ofAddOn() {
    return object.labels().containsKey(ADDON_LABEL);
  }

  public String signer() {
    return object.spec().path("signerName").asString("");
  }

  /// Who sent it, as the API server wrote it down.
  public String user() {
    return object.spec().path("username").asString("");
  }

  /// The groups of who sent it.
  public List<String> groups() {
    return texts(object.spec().path("groups"));
  }

  public List<String> usages() {
    return texts(object.spec().path("usages"));
  }

  /// The lifetime asked for; null when left to the signer.
  public @Nullable Long expirationSeconds() {
    var asked = object.spec().path("expirationSeconds");
    return asked.isIntegralNumber() ? asked.asLong() : null;
  }

  /// The PEM text that is to be signed.
  ///
  /// @throws ApiError BadRequest when `spec.request` is not base64
  public String pem() {
    return decoded(object.spec().path("request").asString(""), "spec.request");
  }

  /// The certificates issued, leaf first; empty while there are none.
  public String certificatePem() {
    return decoded(object.status().path("certificate").asString(""), "status.certificate");
  }

  public State state() {
    if (condition("Denied").isPresent()) {
      return State.DENIED;
    }
    if (condition("Failed").isPresent()) {
      return State.FAILED;
    }
    return condition("Approved").isPresent() ? State.APPROVED : State.PENDING;
  }

  /// Why it was denied or failed: reason and message of that condition.
  public String why() {
    return condition("Denied")
        .or(() -> condition("Failed"))
        .map(SigningRequest::sentence)
        .orElse("");
  }

  /// When it was last decided upon; its creation when it never was.
  public Instant decidedAt() {
    var latest = createdAt();
    for (var condition : object.status().path("conditions")) {
      var at = time(condition.path("lastUpdateTime").asString(""));
      latest = at.isAfter(latest) ? at : latest;
    }
    return latest;
  }

  public Instant createdAt() {
    var at = object.creationTimestamp();
    return at == null ? Instant.EPOCH : at;
  }

  /// The object with a condition added.
  ///
  /// @param type `Approved`, `Denied` or `Failed`
  public ApiObject with(String type, String reason, String message, Instant now) {
    var at = Instant.ofEpochSecond(now.getEpochSecond()).toString();
    return object.edit(tree ->
        tree.withObjectProperty("status")
            .withArrayProperty("conditions")
            .addObject()
            .put("type", type)
            .put("status", "True")
            .put("reason", reason)
            .put("message", message)
            .put("lastUpdateTime", at)
            .put("lastTransitionTime", at));
  }

  /// The object with its certificate.
  public ApiObject issued(String certificatePem) {
    return object.edit(
        tree -> tree.withObjectProperty("status").put("certificate", base64(certificatePem)));
  }

  private Optional<JsonNode> condition(String type) {
    for (var condition : object.status().path("conditions")) {
      if (condition.path("type").asString("").equals(type)
          && condition.path("status").asString("True").equals("True")) {
        return Optional.of(condition);
      }
    }
    return Optional.empty();
  }

  private static String sentence(JsonNode condition) {
    return condition.path("reason").asString("") + ": " + condition.path("message").asString("");
  }

  private static Instant time(String text) {
    try {
      return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    } catch (DateTimeException e) {
      return Instant.EPOCH; // written by hand; its age is unknown, so it counts as old
    }
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String decoded(String base64, String field) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException e) {
      throw ApiError.badRequest(field + ": must be base64");
    }
  }

  private static List<String> texts(JsonNode array) {
    var texts = new ArrayList<String>();
    for (var text : array) {
      texts.add(text.asString(""));
    }
    return List.copyOf(texts);
  }

  /// Its name and state; never the content.
  @Override
  public String toString() {
    return Json.text(name()) + " " + state();
  }
}
