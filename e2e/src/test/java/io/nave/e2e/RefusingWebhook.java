package io.nave.e2e;

import io.nave.api.ApiError;
import io.nave.api.Json;
import io.nave.apiserver.http.HttpsServer;
import io.nave.certs.Authority;
import io.nave.certs.KeyPairs;
import io.nave.runtime.Host;
import io.nave.runtime.Parts;
import io.nave.runtime.Service;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// An admission webhook that says no to every ConfigMap in namespaces with the label `guarded`.
final class RefusingWebhook implements Service, AutoCloseable {
  private static final Duration LIFETIME = Duration.ofDays(1);

  private final Parts parts = new Parts();
  private final Authority authority;
  private final String why;
  private final int port;

  RefusingWebhook(Host host, String why) {
    this.why = why;
    this.authority = Authority.create(host, "webhook-ca", LIFETIME);
    var serving =
        authority.issueServing(
            List.of("127.0.0.1"), KeyPairs.generate(host.secureRandom()), LIFETIME);
    this.port =
        parts
            .open(HttpsServer.start(HttpsServer.Settings.of("127.0.0.1", 0), serving, this, host))
            .port();
  }

  /// What tells kube-apiserver to ask it.
  String configuration() {
    return """
    apiVersion: admissionregistration.k8s.io/v1
    kind: ValidatingWebhookConfiguration
    metadata: {name: refusing}
    webhooks:
    - name: refusing.example.io
      admissionReviewVersions: [v1]
      sideEffects: None
      namespaceSelector: {matchLabels: {guarded: "yes"}}
      clientConfig:
        url: https://127.0.0.1:%d/
        caBundle: %s
      rules:
      - {apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps]}
    """
        .formatted(
            port,
            Base64.getEncoder()
                .encodeToString(authority.certificatePem().getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public Reply handle(Transport.Request request, Peer peer) {
    var review = Json.object();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    var response = review.putObject("response").put("allowed", false);
    try {
      response.set("uid", Json.parseObject(request.body()).at("/request/uid"));
    } catch (ApiError e) {
      return Reply.full(400, Map.of(), new byte[0]);
    }
    response.putObject("status").put("message", why);
    return Reply.full(200, Map.of("content-type", "application/json"), Json.encode(review));
  }

  @Override
  public void close() {
    parts.close();
  }
}
