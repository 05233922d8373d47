package io.nave.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nave.api.ApiError;
import io.nave.api.ApiObject;
import io.nave.api.Json;
import io.nave.api.Key;
import io.nave.api.Patch;
import io.nave.api.ResourceType;
import io.nave.certs.Authority;
import io.nave.controllers.ApiClient;
import io.nave.controllers.HttpsTransport;
import io.nave.controllers.RemoteClient;
import io.nave.runtime.RealHost;
import io.nave.runtime.Transport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A real hub that asks real webhooks over HTTPS, with certificates made here.
class AdmissionWebhooksIT {
  private static final ResourceType CONFIG_MAP =
      ResourceType.of("", "v1", "ConfigMap", "configmaps", true);
  private static final List<ResourceType> CONFIGURATIONS =
      List.of(configurations("Mutating"), configurations("Validating"));

  /// Of the webhook that answers too late. The others have all the time there is: a first handshake
  /// takes seconds on a busy machine.
  private static final int TIMEOUT_SECONDS = 1;

  private static final int TIMEOUT_SECONDS_MAX = 30;

  @TempDir private static Path folder;
  private static RealHost host;
  private static Hub hub;
  private static HttpsTransport wire;
  private static ApiClient admin;
  private static LoopbackServer webhook;

  private static ResourceType configurations(String form) {
    var kind = form + "WebhookConfiguration";
    var plural = kind.toLowerCase(java.util.Locale.ROOT) + "s";
    return ResourceType.of("admissionregistration.k8s.io", "v1", kind, plural, false);
  }

  @BeforeAll
  static void start() {
    host = RealHost.start("webhooks");
    hub = Hub.start(host, HubConfig.of(folder.resolve("hub"), "127.0.0.1", 0));
    wire = HttpsTransport.open(host, hub.administrator());
    admin = new RemoteClient(host, wire, "test");
    webhook = new LoopbackServer(host, AdmissionWebhooksIT::answer);
  }

  @AfterAll
  static void stop() {
    webhook.close();
    wire.close();
    hub.close();
    host.close();
  }

  @AfterEach
  void forget() {
    for (var type : CONFIGURATIONS) {
      if (admin.find(type, Key.of("asked")).isPresent()) {
        admin.delete(type, Key.of("asked"), null);
      }
    }
  }

  /// By path: `/label` adds a label, `/refuse` says no, `/sleep` says yes too late, `/odd` says
  /// what is no answer.
  private static JsonNode answer(Transport.Request request) {
    var asked = Json.parseObject(request.body()).path("request");
    var review = Json.object().put("apiVersion", "admission.k8s.io/v1");
    review.put("kind", "AdmissionReview");
    var response = review.putObject("response").put("allowed", true);
    response.set("uid", asked.path("uid"));
    var path = request.target().replaceAll("\\?.*", "");
    switch (path) {
      case "/label" -> {
        var patch = "[{\"op\":\"add\",\"path\":\"/metadata/labels\",\"value\":{\"seen\":\"yes\"}}]";
        response.put("patchType", "JSONPatch");
        response.put(
            "patch", Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)));
      }
      case "/refuse" -> {
        response.put("allowed", false);
        response.putObject("status").put("code", 403).put("message", "not on my watch");
      }
      case "/sleep" -> host.sleep(Duration.ofSeconds(TIMEOUT_SECONDS + 2));
      case "/odd" -> review.remove("response");
      default -> throw new IllegalArgumentException(path);
    }
    return review;
  }

  private static void register(ResourceType type, String url, String caPem, String failurePolicy) {
    var more = type.equals(CONFIGURATIONS.getFirst()) ? "reinvocationPolicy: Never" : "";
    admin.create(
        type,
        WholeHub.object(
            type,
            """
            metadata: {name: asked}
            webhooks:
            - name: asked.example.io
              admissionReviewVersions: [v1]
              sideEffects: None
              failurePolicy: %s
              timeoutSeconds: %d
              clientConfig: {url: "%s", caBundle: %s}
              rules: [{apiGroups: [""], apiVersions: [v1], operations: ["*"], resources: [configmaps]}]
              objectSelector: {matchExpressions: [{key: unasked, operator: DoesNotExist}]}
              %s
            """
                .formatted(
                    failurePolicy,
                    url.endsWith("/sleep") ? TIMEOUT_SECONDS : TIMEOUT_SECONDS_MAX,
                    url,
                    LoopbackServer.bundle(caPem),
                    more)));
  }

  private static ApiObject create(String name) {
    return admin.create(CONFIG_MAP, ApiObject.named(CONFIG_MAP, "default", name));
  }

  private static void refused(String name, int code, String... words) {
    assertThatThrownBy(() -> create(name))
        .isInstanceOfSatisfying(
            ApiError.class,
            error -> {
              assertThat(error.code()).isEqualTo(code);
              assertThat(error.getMessage()).contains(words);
            });
    assertThat(admin.find(CONFIG_MAP, Key.of("default", name))).isEmpty();
  }

  @Test
  void aMutatingWebhookChangesWhatIsWritten() {
    register(CONFIGURATIONS.getFirst(), webhook.url() + "/label", webhook.caPem(), "Fail");

    var created = create("changed");

    assertThat(created.labels()).containsEntry("seen", "yes");
    assertThat(admin.get(CONFIG_MAP, created.key()).labels()).containsEntry("seen", "yes");
  }

  @Test
  void aValidatingWebhookRefusesInItsWordsCreatesUpdatesAndDeletes() {
    create("there");
    register(CONFIGURATIONS.getLast(), webhook.url() + "/refuse", webhook.caPem(), "Ignore");
    var said = "admission webhook \"asked.example.io\" denied the request: not on my watch";

    refused("new", 403, said);
    var there = Key.of("default", "there");
    var change = Patch.merge(body -> body.putObject("data").put("a", "b"));
    assertThatThrownBy(() -> admin.patch(CONFIG_MAP, there, "", change)).hasMessage(said);
    assertThatThrownBy(() -> admin.delete(CONFIG_MAP, there, null)).hasMessage(said);
    assertThat(admin.get(CONFIG_MAP, there).at("/data").isMissingNode()).isTrue();
  }

  @Test
  void aServerThatTheBundleDoesNotVouchForIsNotAsked() {
    var other = Authority.create(host, "other-ca", Duration.ofDays(1)).certificatePem();
    register(CONFIGURATIONS.getLast(), webhook.url() + "/refuse", other, "Fail");

    refused("stranger", 500, "failed calling webhook \"asked.example.io\"", "certificate");
  }

  @Test
  void aServerThatTheBundleDoesNotVouchForIsPassedOverWhereFailuresAreIgnored() {
    var other = Authority.create(host, "other-ca", Duration.ofDays(1)).certificatePem();
    register(CONFIGURATIONS.getLast(), webhook.url() + "/refuse", other, "Ignore");

    assertThat(create("unguarded").name()).isEqualTo("unguarded");
  }

  @Test
  void aWebhookThatTakesTooLongFailsTheWrite() {
    register(CONFIGURATIONS.getLast(), webhook.url() + "/sleep", webhook.caPem(), "Fail");

    refused("late", 500, "failed calling webhook \"asked.example.io\"", "/sleep?timeout=1s");
  }

  @Test
  void aMutatingWebhookThatTakesTooLongIsPassedOverWhereFailuresAreIgnored() {
    register(CONFIGURATIONS.getFirst(), webhook.url() + "/sleep", webhook.caPem(), "Ignore");

    assertThat(create("impatient").labels()).isEmpty();
  }

  @Test
  void nobodyThereAndAnAnswerThatIsNoneFailTheWrite() {
    register(CONFIGURATIONS.getFirst(), "https://127.0.0.1:1/x", webhook.caPem(), "Fail");
    refused("alone", 500, "failed calling webhook \"asked.example.io\"", "127.0.0.1:1");
    forget();
    register(CONFIGURATIONS.getFirst(), webhook.url() + "/odd", webhook.caPem(), "Fail");
    refused("puzzled", 500, "webhook response was absent");
    forget();
    register(CONFIGURATIONS.getLast(), webhook.url() + "/broken", webhook.caPem(), "Fail");
    refused("broken", 500, "an error on the server", "/broken");
  }
}
